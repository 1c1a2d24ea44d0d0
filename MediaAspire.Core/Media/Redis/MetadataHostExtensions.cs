using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace MediaAspire.Core.Media.Redis;

/// <summary>Registers the stores of the catalog that <c>Metadata:Stores</c> names.</summary>
public static class MetadataHostExtensions
{
    /// <summary>
    /// Adds Redis in front of the catalog in PostgreSQL where it is chosen, and otherwise nothing but the settings; needs the catalog, an
    /// NpgsqlDataSource and an IConnectionMultiplexer.
    /// </summary>
    public static TBuilder AddMetadataStores<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        var services = builder.Services;
        services.AddOptionsWithValidateOnStart<MetadataOptions, MetadataOptionsValidator>().BindConfiguration(MetadataOptions.SectionName);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<GenerationTable>();

        // The validation of the options reports an invalid name; the choice is made before it.
        if (builder.Configuration[$"{MetadataOptions.SectionName}:{nameof(MetadataOptions.Stores)}"] != MetadataOptions.RedisAndPostgres)
        {
            return builder;
        }

        services.AddMetrics();
        services.TryAddSingleton<GenerationLease>();
        services.TryAddSingleton<GenerationKeys>();
        services.TryAddSingleton<GenerationOpener>();
        services.TryAddSingleton<MetadataMetrics>();
        services.AddHostedService<GenerationKeeper>();
        services.AddHealthChecks().Add(new HealthCheckRegistration(
            "metadata-stores",
            provider => new MetadataHealthCheck(provider.GetRequiredService<GenerationLease>()),
            HealthStatus.Degraded,
            tags: null));

        return builder;
    }
}
