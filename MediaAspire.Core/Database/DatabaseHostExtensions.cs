using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

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
        // A handful of statements, run thousands of times: parsing and planning them each time costs more than running them.
        builder.AddNpgsqlDataSource(
            ConnectionName, configureDataSourceBuilder: source => source.ConnectionStringBuilder.MaxAutoPrepare = MaxPreparedStatements);

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
