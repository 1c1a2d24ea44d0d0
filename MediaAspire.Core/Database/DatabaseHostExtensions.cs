using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace MediaAspire.Core.Database;

/// <summary>Registers the connection to PostgreSQL, the platform's source of truth.</summary>
public static class DatabaseHostExtensions
{
    /// <summary>The connection string's name, and the AppHost's resource.</summary>
    public const string ConnectionName = "media";

    private const int MaxPreparedStatements = 64;

    /// <summary>Adds the data source named <see cref="ConnectionName"/>, with its health check, traces and metrics.</summary>
    public static TBuilder AddMediaDatabase<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        // Few statements, run thousands of times: parsing and planning one costs more than running it.
        builder.AddNpgsqlDataSource(ConnectionName, configureDataSourceBuilder: source =>
        {
            Configure(source.ConnectionStringBuilder);
            source.ConfigureTracing(tracing => tracing
                .ConfigureCommandSpanNameProvider(command => StatementName.Of(command.CommandText))
                .ConfigureBatchSpanNameProvider(batch => StatementName.Of(batch)));
        });

        return builder;
    }

    /// <summary>Sets how every process uses its connections.</summary>
    internal static void Configure(NpgsqlConnectionStringBuilder connections)
    {
        connections.MaxAutoPrepare = MaxPreparedStatements;

        // Before a connection is reused, Npgsql would send seven statements that undo the settings of its last user. They cost PostgreSQL
        // more than finding a row. No code here leaves settings behind: they end with a transaction, which is rolled back when it is left
        // open, the DatabaseListener stops listening, and the migrations' lock is released.
        connections.NoResetOnClose = true;
    }

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

    /// <summary>Adds <see cref="MigrationRunner"/>.</summary>
    public static TBuilder AddMigrations<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.AddMediaDatabase();
        builder.Services.TryAddSingleton<MigrationRunner>();

        return builder;
    }
}
