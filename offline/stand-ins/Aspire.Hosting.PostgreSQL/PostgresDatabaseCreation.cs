using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Aspire.Hosting.Postgres;

/// <summary>Creates the databases of a server that has become ready.</summary>
internal static partial class PostgresDatabaseCreation
{
    /// <summary>Creates those databases that do not exist.</summary>
    /// <remarks>A refusal goes to the server's log, and the database stays unhealthy.</remarks>
    /// <exception cref="NpgsqlException">The server cannot be reached.</exception>
    public static async Task CreateMissingAsync(
        string serverConnectionString,
        PostgresServerResource server,
        IEnumerable<PostgresDatabaseResource> databases,
        IServiceProvider services,
        CancellationToken cancellationToken)
    {
        var logger = services.GetRequiredService<ResourceLoggerService>().GetLogger(server);

        await using var connection = new NpgsqlConnection(InMaintenanceDatabase(serverConnectionString));
        await connection.OpenAsync(cancellationToken);
        foreach (var database in databases)
        {
            await CreateAsync(connection, database.DatabaseName, logger, cancellationToken);
        }
    }

    /// <summary>Adds the database that every server has; Npgsql would take the user's name for it.</summary>
    public static string InMaintenanceDatabase(string serverConnectionString) => $"{serverConnectionString};Database=postgres;";

    private static async Task CreateAsync(NpgsqlConnection connection, string name, ILogger logger, CancellationToken cancellationToken)
    {
        LogCreating(logger, name);
        try
        {
            using var quoting = new NpgsqlCommandBuilder();
            await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // A name cannot be a parameter of CREATE DATABASE; it is quoted.
            command.CommandText = $"CREATE DATABASE {quoting.QuoteIdentifier(name)}";
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync(cancellationToken);
            LogCreated(logger, name);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.DuplicateDatabase)
        {
            LogExists(logger, name);
        }
        catch (PostgresException exception)
        {
            LogFailed(logger, exception, name);
        }
    }

    [LoggerMessage(LogLevel.Debug, "Creating database '{DatabaseName}'")]
    private static partial void LogCreating(ILogger logger, string databaseName);

    [LoggerMessage(LogLevel.Debug, "Database '{DatabaseName}' created successfully")]
    private static partial void LogCreated(ILogger logger, string databaseName);

    [LoggerMessage(LogLevel.Debug, "Database '{DatabaseName}' already exists")]
    private static partial void LogExists(ILogger logger, string databaseName);

    [LoggerMessage(LogLevel.Error, "Failed to create database '{DatabaseName}'")]
    private static partial void LogFailed(ILogger logger, Exception exception, string databaseName);
}
