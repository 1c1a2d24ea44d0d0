using MediaAspire.Core.Duties;
using MediaAspire.Core.Ids;
using Npgsql;
using NpgsqlTypes;

namespace MediaAspire.Core.Images.Migration;

/// <summary>The migrations between the stores, as operators control them and the duty works on them. Thread-safe.</summary>
public sealed class ImageMigrations(NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>The failures in a row after which a migration ends.</summary>
    public const int MostFailuresInRow = 50;

    private const int LongestError = 500;
    private const int ListedFailures = 100;

    private const string Columns =
        """
        migration_id, target, state, started_at, bytes_per_second, moved_blobs, moved_bytes, failures, failures_in_row, error,
        CASE WHEN rated_at > now() - interval '30 seconds' AND state = 'running' THEN rate END, ended_at
        """;

    /// <summary>Starts a migration. New blobs go to its target from now on.</summary>
    /// <param name="target">The store to move to.</param>
    /// <param name="bytesPerSecond">The limit of its speed; <see langword="null"/> for the one of the configuration.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns><see langword="false"/> when another migration runs or is paused.</returns>
    public async Task<bool> StartAsync(ImageStore target, long? bytesPerSecond, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new(
            """
            WITH started AS (
                INSERT INTO image_migrations (migration_id, target, previous, state, bytes_per_second)
                VALUES ($1, $2, (SELECT value FROM image_settings WHERE key = 'store'), 'running', $3)
                ON CONFLICT DO NOTHING RETURNING target)
            INSERT INTO image_settings (key, value) SELECT 'store', target FROM started
            ON CONFLICT (key) DO UPDATE SET value = excluded.value RETURNING value
            """)
        {
            Parameters =
            {
                new() { Value = Guid.CreateVersion7(time.GetUtcNow()) },
                new() { Value = StoreNames.Of(target) },
                new() { Value = (object?)bytesPerSecond ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint },
            },
        });
        batch.BatchCommands.Add(DutySignals.Wake(DutyNames.ImageMigration));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken);
    }

    /// <summary>Pauses the running migration. The duty removes copies that are not yet in their place.</summary>
    /// <returns><see langword="false"/> when none is running.</returns>
    public Task<bool> PauseAsync(CancellationToken cancellationToken) => ChangeAsync(
        "UPDATE image_migrations SET state = 'paused' WHERE state = 'running' RETURNING migration_id", cancellationToken);

    /// <summary>Resumes the paused migration.</summary>
    /// <returns><see langword="false"/> when none is paused.</returns>
    public Task<bool> ResumeAsync(CancellationToken cancellationToken) => ChangeAsync(
        "UPDATE image_migrations SET state = 'running', failures_in_row = 0 WHERE state = 'paused' RETURNING migration_id",
        cancellationToken);

    /// <summary>Ends the migration early. New blobs go to the store of before; what was moved stays where it is.</summary>
    /// <returns><see langword="false"/> when none is running or paused.</returns>
    public Task<bool> CancelAsync(CancellationToken cancellationToken) => ChangeAsync(
        """
        WITH ended AS (
            UPDATE image_migrations SET state = 'cancelled', ended_at = now() WHERE state IN ('running', 'paused')
            RETURNING migration_id, previous),
        kept AS (UPDATE image_settings s SET value = e.previous FROM ended e WHERE s.key = 'store' AND e.previous IS NOT NULL),
        removed AS (DELETE FROM image_settings s USING ended e WHERE s.key = 'store' AND e.previous IS NULL)
        SELECT migration_id FROM ended
        """,
        cancellationToken);

    /// <summary>Finds the latest migration.</summary>
    public async Task<ImageMigration?> FindAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM image_migrations ORDER BY started_at DESC LIMIT 1");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Read(reader) : null;
    }

    /// <summary>Finds the latest migration, and counts the blobs that are not in its target.</summary>
    public async Task<MigrationProgress?> FindProgressAsync(CancellationToken cancellationToken)
    {
        if (await FindAsync(cancellationToken) is not { } migration)
        {
            return null;
        }

        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new(
            $"SELECT count(*), coalesce(sum(size), 0)::bigint FROM image_blobs WHERE {SourceOf(migration.Target)}"));
        batch.BatchCommands.Add(new(
            "SELECT blob_id, failures, error FROM image_blob_copies WHERE error IS NOT NULL ORDER BY failures DESC, blob_id LIMIT $1")
        {
            Parameters = { new() { Value = ListedFailures } },
        });
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var (blobs, bytes) = (reader.GetInt64(0), reader.GetInt64(1));
        await reader.NextResultAsync(cancellationToken);
        var failing = new List<FailingBlob>();
        while (await reader.ReadAsync(cancellationToken))
        {
            failing.Add(new(reader.GetGuid(0), reader.GetInt32(1), reader.GetString(2)));
        }

        return new(migration, blobs, bytes, failing);
    }

    /// <summary>Finds the migration to work on: one that runs, or one that was done before blobs came to the other store.</summary>
    public async Task<ImageMigration?> TakeAsync(CancellationToken cancellationToken)
    {
        if (await FindAsync(cancellationToken) is not { } latest)
        {
            return null;
        }

        if (latest.State == MigrationState.Running)
        {
            return latest;
        }

        await RemoveCopiesAsync(latest, cancellationToken);
        if (latest.State != MigrationState.Done)
        {
            return null;
        }

        // A process that began to store a blob before the start may commit it after the end.
        await using var command = database.CreateCommand(
            $"""
            UPDATE image_migrations SET state = 'running', ended_at = NULL, failures_in_row = 0
            WHERE migration_id = $1 AND state = 'done' AND EXISTS (SELECT FROM image_blobs WHERE {SourceOf(latest.Target)})
            RETURNING {Columns}
            """);
        command.Parameters.Add(new() { Value = latest.Id });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Read(reader) : null;
    }

    /// <summary>Removes the copies that a migration has not put into their place. What failed stays listed while it may go on.</summary>
    private async Task RemoveCopiesAsync(ImageMigration ended, CancellationToken cancellationToken)
    {
        // No copy is added once the migration does not run: BlobMover locks its row.
        await using var command = database.CreateCommand(ended.State is MigrationState.Paused or MigrationState.Failed
            ? """
            UPDATE image_blob_copies SET file_id = NULL, object_key = NULL
            WHERE num_nonnulls(file_id, object_key) > 0 AND NOT EXISTS (SELECT FROM image_migrations WHERE state = 'running')
            """
            : "DELETE FROM image_blob_copies WHERE NOT EXISTS (SELECT FROM image_migrations WHERE state = 'running')");
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Determines whether a migration is still to be worked on.</summary>
    public async Task<bool> IsRunningAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT EXISTS (SELECT FROM image_migrations WHERE migration_id = $1 AND state = 'running')");
        command.Parameters.Add(new() { Value = id });
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    /// <summary>Lists blobs that are not in the target, in the order of their ids.</summary>
    /// <param name="target">The store to move to.</param>
    /// <param name="after">The last blob of the page before.</param>
    /// <param name="limit">The size of a page.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<IReadOnlyList<ImageBlob>> ListAsync(
        ImageStore target, BlobId? after, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            SELECT {BlobRows.Columns} FROM image_blobs b WHERE {SourceOf(target)} AND b.blob_id > $1 ORDER BY b.blob_id LIMIT $2
            """);
        command.Parameters.Add(new() { Value = after?.Value ?? Guid.Empty });
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var page = new List<ImageBlob>();
        while (await reader.ReadAsync(cancellationToken))
        {
            page.Add(BlobRows.Read(reader, 0));
        }

        return page;
    }

    /// <summary>Records that a blob could not be moved, and ends the migration after too many failures in a row.</summary>
    /// <returns>A value indicating whether the migration is still running.</returns>
    public async Task<bool> RecordFailureAsync(Guid id, BlobId blob, string error, CancellationToken cancellationToken)
    {
        var shortened = error.Length <= LongestError ? error : error[..LongestError];
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new(
            """
            INSERT INTO image_blob_copies AS c (blob_id, failures, error)
            SELECT b.blob_id, 1, $2 FROM image_blobs b WHERE b.blob_id = $1 FOR KEY SHARE
            ON CONFLICT (blob_id) DO UPDATE SET failures = c.failures + 1, error = excluded.error
            """)
        {
            Parameters = { new() { Value = blob.Value }, new() { Value = shortened } },
        });
        batch.BatchCommands.Add(new(
            """
            UPDATE image_migrations
            SET failures = failures + 1, failures_in_row = failures_in_row + 1, error = $2,
                state = CASE WHEN state = 'running' AND failures_in_row + 1 >= $3 THEN 'failed' ELSE state END,
                ended_at = CASE WHEN state = 'running' AND failures_in_row + 1 >= $3 THEN now() ELSE ended_at END
            WHERE migration_id = $1
            """)
        {
            Parameters = { new() { Value = id }, new() { Value = shortened }, new() { Value = MostFailuresInRow } },
        });
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return await IsRunningAsync(id, cancellationToken);
    }

    /// <summary>Records the speed.</summary>
    public async Task RecordRateAsync(Guid id, double rate, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("UPDATE image_migrations SET rate = $2, rated_at = now() WHERE migration_id = $1");
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = rate });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Ends a migration if all blobs are in its target.</summary>
    public async Task<bool> TryEndAsync(ImageMigration migration, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            UPDATE image_migrations SET state = 'done', ended_at = now()
            WHERE migration_id = $1 AND state = 'running' AND NOT EXISTS (SELECT FROM image_blobs WHERE {SourceOf(migration.Target)})
            """);
        command.Parameters.Add(new() { Value = migration.Id });
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    // These are the conditions of the two partial indexes.
    private static string SourceOf(ImageStore target) => target == ImageStore.S3 ? "file_id IS NOT NULL" : "object_key IS NOT NULL";

    private async Task<bool> ChangeAsync(string change, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new(change));
        batch.BatchCommands.Add(DutySignals.Wake(DutyNames.ImageMigration));
        return await batch.ExecuteScalarAsync(cancellationToken) is Guid;
    }

    private static ImageMigration Read(NpgsqlDataReader reader) => new(
        reader.GetGuid(0),
        StoreNames.Parse(reader.GetString(1)),
        Enum.Parse<MigrationState>(reader.GetString(2), ignoreCase: true),
        reader.GetFieldValue<DateTimeOffset>(3))
    {
        BytesPerSecond = reader.IsDBNull(4) ? null : reader.GetInt64(4),
        MovedBlobs = reader.GetInt64(5),
        MovedBytes = reader.GetInt64(6),
        Failures = reader.GetInt64(7),
        FailuresInRow = reader.GetInt32(8),
        Error = reader.IsDBNull(9) ? null : reader.GetString(9),
        Rate = reader.IsDBNull(10) ? null : reader.GetDouble(10),
        EndedAt = reader.IsDBNull(11) ? null : reader.GetFieldValue<DateTimeOffset>(11),
    };
}
