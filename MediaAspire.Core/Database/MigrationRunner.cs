using Microsoft.Extensions.Logging;
using Npgsql;

namespace MediaAspire.Core.Database;

/// <summary>Brings the database's schema up to this build's.</summary>
/// <remarks>Safe to run from several processes at once: an advisory lock lets one work and the others find it done.</remarks>
public sealed partial class MigrationRunner(NpgsqlDataSource dataSource, ILogger<MigrationRunner> logger)
{
    // "media" in ASCII; any constant serves as long as nothing else in this database takes the same lock.
    private const long LockKey = 0x6D65646961;

    /// <summary>Applies the embedded migrations that the database does not have yet, each in a transaction of its own.</summary>
    /// <returns>How many were applied.</returns>
    /// <exception cref="InvalidOperationException">
    /// An applied migration was edited afterwards, or the database was migrated by a newer build.
    /// </exception>
    public Task<int> RunAsync(CancellationToken cancellationToken) => RunAsync(Migration.ReadEmbedded(), cancellationToken);

    internal async Task<int> RunAsync(IReadOnlyList<Migration> migrations, CancellationToken cancellationToken)
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

            LogUpToDate(logger, migrations.Count, pending.Count);
            return pending.Count;
        }
        finally
        {
            // The session holds the lock, and the pool keeps the session: give it back even when the caller gave up.
            await ExecuteAsync(connection, $"SELECT pg_advisory_unlock({LockKey})", CancellationToken.None);
        }
    }

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
                    $"The database has migration {version}, which this build does not know. Run a build at least as new as the one that migrated it.");

            if (known.Checksum != checksum)
            {
                throw new InvalidOperationException(
                    $"Migration {version} ({known.Name}) was changed after it had been applied. Restore the file and put the change into a new migration.");
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

    [LoggerMessage(Level = LogLevel.Information, Message = "The schema is up to date: {Known} migrations, {Applied} applied now")]
    private static partial void LogUpToDate(ILogger logger, int known, int applied);
}
