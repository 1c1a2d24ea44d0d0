using MediaAspire.Core.Database;
using MediaAspire.Core.Media.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;
using StackExchange.Redis;

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
        services.TryAddSingleton<GenerationHistory>();
        services.TryAddSingleton<MetadataRuns>();

        if (!builder.UsesMetadataInRedis())
        {
            return builder;
        }

        services.AddMetrics();
        services.TryAddSingleton<GenerationLease>();
        services.TryAddSingleton<GenerationKeys>();
        services.TryAddSingleton<MetadataMetrics>();
        builder.AddSessionSetting("mediaaspire.stores", MetadataOptions.RedisAndPostgres);

        // In the place of the store in PostgreSQL, which it uses.
        services.AddSingleton<IMediaStore>(provider =>
            ActivatorUtilities.CreateInstance<RedisMediaStore>(provider, (IMediaStore)provider.GetRequiredService<PostgresMediaStore>()));
        services.AddHostedService<GenerationKeeper>();
        services.AddHealthChecks().Add(new HealthCheckRegistration(
            "metadata-stores",
            provider => new MetadataHealthCheck(provider.GetRequiredService<GenerationLease>()),
            HealthStatus.Degraded,
            tags: null));

        return builder;
    }

    /// <summary>Determines whether the settings choose Redis in front of the catalog.</summary>
    public static bool UsesMetadataInRedis(this IHostApplicationBuilder builder) =>

        // The validation of the options reports an invalid name; the choice is made before it.
        builder.Configuration[$"{MetadataOptions.SectionName}:{nameof(MetadataOptions.Stores)}"] == MetadataOptions.RedisAndPostgres;

    /// <summary>Adds what opens generations, and compares and rebuilds the stores; after <see cref="AddMetadataStores"/>.</summary>
    public static IServiceCollection AddMetadataSync(this IServiceCollection services)
    {
        services.TryAddSingleton<GenerationOpener>();
        services.TryAddSingleton<CatalogPages>();
        services.TryAddSingleton(provider => new MetadataComparison(
            provider.GetRequiredService<CatalogPages>(),
            provider.GetRequiredService<GenerationKeys>(),
            provider.GetRequiredService<GenerationLease>(),
            provider.GetRequiredService<IConnectionMultiplexer>()));
        services.TryAddSingleton(provider => new MetadataImport(
            provider.GetRequiredService<PostgresMediaStore>(),
            provider.GetRequiredService<NpgsqlDataSource>(),
            provider.GetRequiredService<CatalogPages>(),
            provider.GetRequiredService<IConnectionMultiplexer>(),
            provider.GetRequiredService<IOptions<MetadataOptions>>(),
            provider.GetRequiredService<TimeProvider>()));

        return services;
    }
}
