using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace MediaAspire.Core.Lifecycle;

public static class LifecycleHostExtensions
{
    /// <summary>Adds the catalog of versions and uploads that rules apply to; needs the database.</summary>
    public static TBuilder AddLifecycleCatalog<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<LifecycleCatalog>();

        return builder;
    }
}
