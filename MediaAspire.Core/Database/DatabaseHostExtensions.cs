using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace MediaAspire.Core.Database;

/// <summary>Registers the connection to PostgreSQL, the platform's source of truth.</summary>
public static class DatabaseHostExtensions
{
    /// <summary>The connection string's name, and the AppHost's resource.</summary>
    public const string ConnectionName = "media";

    /// <summary>Adds the data source named <see cref="ConnectionName"/>, with its health check, traces and metrics.</summary>
    public static TBuilder AddMediaDatabase<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddOptionsWithValidateOnStart<DatabaseOptions, DatabaseOptionsValidator>()
            .BindConfiguration(DatabaseOptions.SectionName);
        builder.AddNpgsqlDataSource(ConnectionName, configureDataSourceBuilder: source =>
        {
            var options = builder.Configuration.GetSection(DatabaseOptions.SectionName).Get<DatabaseOptions>() ?? new();
            ConnectionSettings.Apply(source.ConnectionStringBuilder, options);
            foreach (var (name, value) in builder.Properties.Where(property => property.Key is SessionSetting))
            {
                source.ConnectionStringBuilder.Options += $" -c {((SessionSetting)name).Name}={value}";
            }

            source.ConfigureTracing(tracing => tracing
                .ConfigureCommandSpanNameProvider(command => StatementName.Of(command.CommandText))
                .ConfigureBatchSpanNameProvider(batch => StatementName.Of(batch)));
        });

        return builder;
    }

    /// <summary>Adds a setting that every session of this process has from its start; before the data source is used.</summary>
    /// <param name="builder">The process.</param>
    /// <param name="name">The name of the setting, with a prefix of ours.</param>
    /// <param name="value">A value without blanks.</param>
    internal static void AddSessionSetting(this IHostApplicationBuilder builder, string name, string value) =>
        builder.Properties[new SessionSetting(name)] = value;

    /// <summary>Sets how every process uses its connections, with the default settings.</summary>
    internal static void Configure(NpgsqlConnectionStringBuilder connections) => ConnectionSettings.Apply(connections, new());

    /// <summary>
    /// Adds <see cref="DatabaseListener"/> and its health check. Calling it again does nothing; needs an NpgsqlDataSource.
    /// </summary>
    public static IHostApplicationBuilder AddDatabaseListener(this IHostApplicationBuilder builder)
    {
        if (builder.Services.Any(service => service.ServiceType == typeof(DatabaseListener)))
        {
            return builder;
        }

        builder.Services.AddMetrics();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<DatabaseMetrics>();
        builder.Services.AddSingleton<DatabaseListener>();
        builder.Services.AddHostedService(services => services.GetRequiredService<DatabaseListener>());
        builder.Services.AddHealthChecks().AddCheck<DatabaseListenerHealthCheck>("database-listener");

        return builder;
    }

    /// <summary>Adds the check of the server's settings at the start; needs an NpgsqlDataSource.</summary>
    public static IHostApplicationBuilder AddDatabaseSettingsCheck(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<PostgresSettingsCheck>();
        builder.Services.AddHostedService(services => services.GetRequiredService<PostgresSettingsCheck>());
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            "database-settings", services => services.GetRequiredService<PostgresSettingsCheck>(), failureStatus: null, tags: null));

        return builder;
    }

    /// <summary>Adds <see cref="MigrationRunner"/>, which checks the server's settings first.</summary>
    public static TBuilder AddMigrations<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.AddMediaDatabase();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<PostgresSettingsCheck>();
        builder.Services.TryAddSingleton<MigrationRunner>();

        return builder;
    }

    /// <summary>The key of a session's setting among the properties of a host's builder.</summary>
    private sealed record SessionSetting(string Name);
}
