using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace MediaAspire.Core.Durability;

public static class DurabilityHostExtensions
{
    /// <summary>Adds what API and worker share about the state of the copies; needs an NpgsqlDataSource.</summary>
    public static IHostApplicationBuilder AddDurability(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<LivenessOptions, LivenessOptionsValidator>()
            .BindConfiguration(LivenessOptions.SectionName);
        builder.Services.TryAddSingleton<EndangeredChunks>();
        builder.Services.TryAddSingleton<IntegrityWalk>();
        builder.Services.TryAddSingleton<IntegrityReport>();
        return builder;
    }
}
