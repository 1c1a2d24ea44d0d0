using Aspire;
using Aspire.StackExchange.Redis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Microsoft.Extensions.Hosting;

/// <summary>Connects an application to a Redis server.</summary>
public static class AspireRedisExtensions
{
    private const string ConfigurationSection = "Aspire:StackExchange:Redis";

    /// <summary>Registers an <see cref="IConnectionMultiplexer"/> with its health check.</summary>
    /// <param name="builder">The host to read configuration from and add services to.</param>
    /// <param name="connectionName">The key under <c>ConnectionStrings</c>, and of the named settings section.</param>
    /// <param name="configureSettings">Runs after all settings are read.</param>
    /// <param name="configureOptions">Runs when the connection is first asked for, after its options are read.</param>
    /// <remarks>
    /// Settings are read from <c>Aspire:StackExchange:Redis</c>, then <c>Aspire:StackExchange:Redis:{connectionName}</c>, then
    /// <c>ConnectionStrings:{connectionName}</c>. The connection is opened when first asked for.
    /// </remarks>
    public static void AddRedisClient(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null) =>
        AddRedisClient(builder, connectionName, serviceKey: null, configureSettings, configureOptions);

    /// <summary>Registers an <see cref="IConnectionMultiplexer"/> keyed by <paramref name="name"/>, with its health check.</summary>
    /// <param name="builder">The host to read configuration from and add services to.</param>
    /// <param name="name">The service key, which is the key under <c>ConnectionStrings</c> too.</param>
    /// <param name="configureSettings">Runs after all settings are read.</param>
    /// <param name="configureOptions">Runs when the connection is first asked for, after its options are read.</param>
    public static void AddKeyedRedisClient(
        this IHostApplicationBuilder builder,
        string name,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        AddRedisClient(builder, name, serviceKey: name, configureSettings, configureOptions);
    }

    private static void AddRedisClient(
        IHostApplicationBuilder builder,
        string connectionName,
        string? serviceKey,
        Action<StackExchangeRedisSettings>? configureSettings,
        Action<ConfigurationOptions>? configureOptions)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);

        var section = builder.Configuration.GetSection(ConfigurationSection);
        var namedSection = section.GetSection(connectionName);
        var settings = ReadSettings(builder.Configuration, connectionName);
        configureSettings?.Invoke(settings);

        var optionsName = serviceKey ?? Options.Options.DefaultName;
        builder.Services.AddSingleton(new RedisConnectionString(optionsName, settings.ConnectionString));
        builder.Services.TryAddTransient<IOptionsFactory<ConfigurationOptions>, RedisOptionsFactory>();
        builder.Services.Configure<ConfigurationOptions>(optionsName, options =>
        {
            section.GetSection(nameof(ConfigurationOptions)).Bind(options);
            namedSection.GetSection(nameof(ConfigurationOptions)).Bind(options);
            configureOptions?.Invoke(options);
        });

        IConnectionMultiplexer Connect(IServiceProvider provider) =>
            RedisConnector.Connect(RedisOptionsFactory.Resolve(provider, optionsName, connectionName, ConfigurationSection));

        IConnectionMultiplexer Resolve(IServiceProvider provider) =>
            serviceKey is null
                ? provider.GetRequiredService<IConnectionMultiplexer>()
                : provider.GetRequiredKeyedService<IConnectionMultiplexer>(serviceKey);

        if (serviceKey is null)
        {
            builder.Services.AddSingleton<IConnectionMultiplexer>(Connect);
        }
        else
        {
            builder.Services.AddKeyedSingleton<IConnectionMultiplexer>(serviceKey, (provider, _) => Connect(provider));
        }

        if (!settings.DisableAutoActivation)
        {
            builder.Services.AddSingleton<IHostedService>(provider => new RedisActivation(() => Resolve(provider)));
        }

        if (!settings.DisableHealthChecks)
        {
            builder.TryAddHealthCheck(new HealthCheckRegistration(
                serviceKey is null ? "StackExchange.Redis" : $"StackExchange.Redis_{connectionName}",
                provider => new RedisHealthCheck(() => Resolve(provider)),
                failureStatus: default,
                tags: default));
        }
    }

    private static StackExchangeRedisSettings ReadSettings(IConfiguration configuration, string connectionName)
    {
        var settings = new StackExchangeRedisSettings();
        var section = configuration.GetSection(ConfigurationSection);
        section.Bind(settings);
        section.GetSection(connectionName).Bind(settings);

        if (configuration.GetConnectionString(connectionName) is { } connectionString)
        {
            settings.ConnectionString = connectionString;
        }

        return settings;
    }
}
