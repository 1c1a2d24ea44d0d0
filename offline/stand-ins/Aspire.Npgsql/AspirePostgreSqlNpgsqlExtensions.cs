using Aspire;
using Aspire.Npgsql;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Microsoft.Extensions.Hosting;

/// <summary>Connects an application to a PostgreSQL database.</summary>
public static class AspirePostgreSqlNpgsqlExtensions
{
    private const string ConfigurationSection = "Aspire:Npgsql";
    private const string TelemetryName = "Npgsql";

    /// <summary>Registers an <see cref="NpgsqlDataSource"/> with its health check, tracing and metrics.</summary>
    /// <param name="builder">The host to read configuration from and add services to.</param>
    /// <param name="connectionName">The key under <c>ConnectionStrings</c>, and of the named settings section.</param>
    /// <param name="configureSettings">Runs last, after all configuration is read.</param>
    /// <param name="configureDataSourceBuilder">Runs when the data source is first asked for.</param>
    /// <remarks>
    /// Settings are read from <c>Aspire:Npgsql</c>, then <c>Aspire:Npgsql:{connectionName}</c>, then
    /// <c>ConnectionStrings:{connectionName}</c>.
    /// A missing connection string is reported when the data source is first asked for.
    /// </remarks>
    public static void AddNpgsqlDataSource(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<NpgsqlSettings>? configureSettings = null,
        Action<NpgsqlDataSourceBuilder>? configureDataSourceBuilder = null) =>
        AddNpgsqlDataSource(builder, connectionName, serviceKey: null, configureSettings, configureDataSourceBuilder);

    /// <summary>Registers an <see cref="NpgsqlDataSource"/> keyed by <paramref name="name"/>, with health check and telemetry.</summary>
    /// <param name="builder">The host to read configuration from and add services to.</param>
    /// <param name="name">The service key, which is the key under <c>ConnectionStrings</c> too.</param>
    /// <param name="configureSettings">Runs last, after all configuration is read.</param>
    /// <param name="configureDataSourceBuilder">Runs when the data source is first asked for.</param>
    public static void AddKeyedNpgsqlDataSource(
        this IHostApplicationBuilder builder,
        string name,
        Action<NpgsqlSettings>? configureSettings = null,
        Action<NpgsqlDataSourceBuilder>? configureDataSourceBuilder = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        AddNpgsqlDataSource(builder, name, serviceKey: name, configureSettings, configureDataSourceBuilder);
    }

    private static void AddNpgsqlDataSource(
        IHostApplicationBuilder builder,
        string connectionName,
        object? serviceKey,
        Action<NpgsqlSettings>? configureSettings,
        Action<NpgsqlDataSourceBuilder>? configureDataSourceBuilder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);

        var settings = ReadSettings(builder.Configuration, connectionName);
        configureSettings?.Invoke(settings);

        builder.Services.AddDataSource(settings.ConnectionString, serviceKey, dataSourceBuilder =>
        {
            RequireConnectionString(settings, connectionName);
            configureDataSourceBuilder?.Invoke(dataSourceBuilder);
        });

        if (!settings.DisableHealthChecks)
        {
            builder.TryAddHealthCheck(new HealthCheckRegistration(
                serviceKey is null ? "PostgreSql" : $"PostgreSql_{connectionName}",
                provider => new NpgsqlHealthCheck(NpgsqlServices.Resolve(provider, serviceKey)),
                failureStatus: default,
                tags: default));
        }

        if (!settings.DisableTracing)
        {
            builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource(TelemetryName));
        }

        if (!settings.DisableMetrics)
        {
            builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter(TelemetryName));
        }
    }

    private static NpgsqlSettings ReadSettings(IConfiguration configuration, string connectionName)
    {
        var settings = new NpgsqlSettings();
        var section = configuration.GetSection(ConfigurationSection);
        section.Bind(settings);
        section.GetSection(connectionName).Bind(settings);

        if (configuration.GetConnectionString(connectionName) is { } connectionString)
        {
            settings.ConnectionString = connectionString;
        }

        return settings;
    }

    private static void RequireConnectionString(NpgsqlSettings settings, string connectionName)
    {
        if (string.IsNullOrWhiteSpace(settings.ConnectionString))
        {
            throw new InvalidOperationException(
                $"ConnectionString is missing. It should be provided in 'ConnectionStrings:{connectionName}' or under the " +
                $"'ConnectionString' key in '{ConfigurationSection}' configuration section.");
        }
    }
}
