using Microsoft.Extensions.Logging;
using Npgsql;

namespace MediaAspire.Core.Database;

/// <summary>Brings the database's schema up to this build's.</summary>
/// <remarks>
/// Safe to run from several processes at once: an advisory lock lets one process work, and the others find the work done.
/// </remarks>
public sealed partial class MigrationRunner(NpgsqlDataSource dataSource, ILogger<MigrationRunner> logger)
{
    // "media" in ASCII; any constant serves as long as nothing else in this database takes the same lock.
    private const long LockKey = 0x6D65646961;

    /// <summary>
    /// Applies the embedded migrations that the database does not have yet, each in a transaction of its own, and then the embedded
    /// functions that are new or changed, in one transaction.
    /// </summary>
    /// <returns>The numbers of migrations and functions that were applied.</returns>
    /// <exception cref="InvalidOperationException">
    /// An applied migration was edited afterwards, the database was migrated by a newer build, or a role may do too much.
    /// </exception>
    public Task<(int Migrations, int Functions)> RunAsync(CancellationToken cancellationToken) =>
        RunAsync(DatabaseRoles.None, cancellationToken);

    /// <summary>Does the same, and then creates the restricted roles and grants them what they need.</summary>
    /// <inheritdoc cref="RunAsync(CancellationToken)"/>
    public Task<(int Migrations, int Functions)> RunAsync(DatabaseRoles roles, CancellationToken cancellationToken) =>
        RunAsync(Migration.ReadEmbedded(), DatabaseFunction.ReadEmbedded(), roles, cancellationToken);

    internal Task<(int Migrations, int Functions)> RunAsync(
        IReadOnlyList<Migration> migrations, IReadOnlyList<DatabaseFunction> functions, CancellationToken cancellationToken) =>
        RunAsync(migrations, functions, DatabaseRoles.None, cancellationToken);

    private async Task<(int Migrations, int Functions)> RunAsync(
        IReadOnlyList<Migration> migrations,
        IReadOnlyList<DatabaseFunction> functions,
        DatabaseRoles roles,
        CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await ExecuteAsync(connection, $"SELECT pg_advisory_lock({LockKey})", cancellationToken);
        try
        {
            var applied = await ReadAppliedAsync(connection, cancellationToken);
            Check(migrations, applied);

            var pending = migrations.Where(migration => !applied.ContainsKey(migration.Version)).ToList();
            foreach (var migration in pending)
            {
                await ApplyAsync(connection, migration, cancellationToken);
                LogApplied(logger, migration.Version, migration.Name);
            }

            // After the tables. A migration that removes a function also deletes its row here.
            var installed = await FunctionInstaller.InstallAsync(connection, functions, cancellationToken);
            foreach (var function in installed)
            {
                LogInstalled(logger, function.Name);
            }

            // After the functions, so that new ones are granted too.
            if (await RoleInstaller.InstallAsync(connection, roles, cancellationToken) is { Count: > 0 } statements)
            {
                LogNotOwner(logger, string.Join("; ", statements));
            }

            LogUpToDate(logger, migrations.Count, pending.Count, functions.Count, installed.Count);
            return (pending.Count, installed.Count);
        }
        finally
        {
            // The session holds the lock, and the pool keeps the session: release it even when the caller has cancelled.
            await ExecuteAsync(connection, $"SELECT pg_advisory_unlock({LockKey})", CancellationToken.None);
        }
    }

    /// <summary>Reads the applied migrations; creates the tables that record them and the functions.</summary>
    private static async Task<Dictionary<int, string>> ReadAppliedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await ExecuteAsync(
            connection,
            """
            CREATE TABLE IF NOT EXISTS schema_migrations (
                version     integer PRIMARY KEY,
                name        text NOT NULL,
                checksum    text NOT NULL,
                applied_at  timestamptz NOT NULL DEFAULT now())
            """,
            cancellationToken);
        await ExecuteAsync(connection, FunctionInstaller.CreateTable, cancellationToken);

        await using var command = new NpgsqlCommand("SELECT version, checksum FROM schema_migrations", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var applied = new Dictionary<int, string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            applied.Add(reader.GetInt32(0), reader.GetString(1));
        }

        return applied;
    }

    private static void Check(IReadOnlyList<Migration> migrations, Dictionary<int, string> applied)
    {
        foreach (var (version, checksum) in applied)
        {
            var known = migrations.FirstOrDefault(migration => migration.Version == version)
                ?? throw new InvalidOperationException(
                    $"The database has migration {version}, which this build does not know. "
                    + "Run a build at least as new as the one that migrated it.");

            if (known.Checksum != checksum)
            {
                throw new InvalidOperationException(
                    $"Migration {version} ({known.Name}) was changed after it had been applied. "
                    + "Restore the file and put the change into a new migration.");
            }
        }
    }

    private static async Task ApplyAsync(NpgsqlConnection connection, Migration migration, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, migration.Sql, cancellationToken);

        await using var record = new NpgsqlCommand(
            "INSERT INTO schema_migrations (version, name, checksum) VALUES ($1, $2, $3)", connection, transaction)
        {
            Parameters = { new() { Value = migration.Version }, new() { Value = migration.Name }, new() { Value = migration.Checksum } },
        };
        await record.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Applied migration {Version} ({Name})")]
    private static partial void LogApplied(ILogger logger, int version, string name);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Installed function {Name}")]
    private static partial void LogInstalled(ILogger logger, string name);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The database belongs to another role than the one that migrates. Its owner has to run: {Statements}")]
    private static partial void LogNotOwner(ILogger logger, string statements);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The schema is up to date: {Migrations} migrations, {Applied} applied now, "
            + "{Functions} functions, {Installed} installed now")]
    private static partial void LogUpToDate(ILogger logger, int migrations, int applied, int functions, int installed);
}
