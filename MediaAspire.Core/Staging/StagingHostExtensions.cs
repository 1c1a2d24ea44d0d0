using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace MediaAspire.Core.Staging;

public static class StagingHostExtensions
{
    /// <summary>Adds short-term storage; needs an IConnectionMultiplexer.</summary>
    public static TBuilder AddStaging<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddOptionsWithValidateOnStart<StagingOptions, StagingOptionsValidator>()
            .BindConfiguration(StagingOptions.SectionName);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<StagingMetrics>();
        builder.Services.TryAddSingleton<StagingArea>();

        return builder;
    }
}
