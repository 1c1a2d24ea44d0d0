using MediaAspire.Core.Duties;
using Npgsql;

namespace MediaAspire.Core.Media.Lifecycle;

/// <summary>The runs of the duty that looks after uploads, as requests ask for them and wait for them.</summary>
public sealed class SyncRuns(NpgsqlDataSource database)
{
    private const int KeptRuns = 100;

    /// <summary>Asks the duty for a run that begins after this call.</summary>
    /// <returns>The time of the call, by the database's clock.</returns>
    public async Task<DateTimeOffset> RequestAsync(CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new("SELECT clock_timestamp()"));
        batch.BatchCommands.Add(DutySignals.Wake(DutyNames.MediaLifecycle));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return reader.GetFieldValue<DateTimeOffset>(0);
    }

    /// <summary>Finds the first run that began after a time, once it has ended.</summary>
    public async Task<SyncRun?> FindAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT run_id, started_at, ended_at, examined, finished, verifying, refused, faults, expired, emptied, requeued
            FROM media_syncs WHERE started_at >= $1 AND ended_at IS NOT NULL ORDER BY run_id LIMIT 1
            """);
        command.Parameters.Add(new() { Value = since.ToUniversalTime() });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(
                reader.GetInt64(0),
                reader.GetFieldValue<DateTimeOffset>(1),
                reader.GetFieldValue<DateTimeOffset>(2),
                new SyncCounts
                {
                    Examined = reader.GetInt64(3),
                    Finished = reader.GetInt64(4),
                    Verifying = reader.GetInt64(5),
                    Refused = reader.GetInt64(6),
                    Faults = reader.GetInt64(7),
                    Expired = reader.GetInt64(8),
                    Emptied = reader.GetInt64(9),
                    Requeued = reader.GetInt64(10),
                })
            : null;
    }

    /// <summary>Records the begin of a run, and forgets old ones.</summary>
    /// <returns>The run's id.</returns>
    public async Task<long> BeginAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            WITH forgotten AS (
                DELETE FROM media_syncs
                WHERE run_id <= (SELECT s.run_id FROM media_syncs s ORDER BY s.run_id DESC OFFSET $1 LIMIT 1))
            INSERT INTO media_syncs DEFAULT VALUES RETURNING run_id
            """);
        command.Parameters.Add(new() { Value = KeptRuns });
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Records the end of a run.</summary>
    public async Task EndAsync(long run, SyncCounts counts, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            UPDATE media_syncs SET ended_at = clock_timestamp(), examined = $2, finished = $3, verifying = $4, refused = $5, faults = $6,
                expired = $7, emptied = $8, requeued = $9
            WHERE run_id = $1
            """);
        long[] values =
        [
            run, counts.Examined, counts.Finished, counts.Verifying, counts.Refused, counts.Faults, counts.Expired, counts.Emptied,
            counts.Requeued,
        ];
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
