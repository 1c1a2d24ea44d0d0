using System.Data.Common;
using MediaAspire.Core.Duties;
using MediaAspire.Core.Ids;
using Npgsql;

namespace MediaAspire.Core.Scrubbing;

/// <summary>The recorded scrubs: the commands of operators and the progress of the worker. All times are the database's.</summary>
/// <remarks>Thread-safe. Every method throws <see cref="DbException"/> when the database does not answer.</remarks>
public sealed partial class ScrubLedger(NpgsqlDataSource database)
{
    private const string SelectRun = """
        SELECT s.scrub_id, s.trigger, s.state, s.started_at, s.due_at, s.finished_at, now() - s.started_at,
               coalesce(sum(p.copies_expected), 0)::bigint, coalesce(sum(p.bytes_expected), 0)::bigint, coalesce(sum(p.copies), 0)::bigint,
               coalesce(sum(p.bytes), 0)::bigint, coalesce(sum(p.corrupt), 0)::bigint, coalesce(sum(p.missing), 0)::bigint,
               coalesce(sum(p.unreachable), 0)::bigint
        FROM scrubs s LEFT JOIN scrub_progress p USING (scrub_id)
        """;

    /// <summary>Starts a scrub at full speed. An open scheduled one is cancelled.</summary>
    /// <returns>False when a commanded scrub is open already.</returns>
    public async Task<bool> TryStartAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands =
            {
                new("UPDATE scrubs SET state = 'cancelled', finished_at = now() "
                    + "WHERE state IN ('running', 'paused') AND trigger = 'scheduled'"),
                new("INSERT INTO scrubs (scrub_id, trigger, state) VALUES ($1, 'command', 'running') ON CONFLICT DO NOTHING")
                {
                    Parameters = { new() { Value = Guid.CreateVersion7() } },
                },
                DutySignals.Wake(DutyNames.Scrub),
            },
        };
        await batch.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return batch.BatchCommands[1].RecordsAffected == 1;
    }

    /// <summary>Starts a scheduled scrub, unless one is open or was begun within the period.</summary>
    /// <param name="period">Time from the start of one to the start of the next.</param>
    /// <param name="spread">Time over which its reading is spread.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task TryScheduleAsync(TimeSpan period, TimeSpan spread, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            INSERT INTO scrubs (scrub_id, trigger, state, due_at) SELECT $1, 'scheduled', 'running', now() + $3
            WHERE NOT EXISTS (SELECT FROM scrubs WHERE started_at > now() - $2) ON CONFLICT DO NOTHING
            """);
        command.Parameters.Add(new() { Value = Guid.CreateVersion7() });
        command.Parameters.Add(new() { Value = period });
        command.Parameters.Add(new() { Value = spread });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Pauses the running scrub; what is being read now is still finished.</summary>
    /// <returns>False when none runs.</returns>
    public Task<bool> TryPauseAsync(CancellationToken cancellationToken) =>
        TryChangeAsync("UPDATE scrubs SET state = 'paused' WHERE state = 'running'", cancellationToken);

    /// <summary>Resumes the paused scrub.</summary>
    /// <returns>False when no scrub is paused.</returns>
    public Task<bool> TryResumeAsync(CancellationToken cancellationToken) =>
        TryChangeAsync("UPDATE scrubs SET state = 'running' WHERE state = 'paused'", cancellationToken);

    /// <summary>Ends the open scrub. The next scheduled one starts when its time has come.</summary>
    /// <returns>False when no scrub is open.</returns>
    public Task<bool> TryCancelAsync(CancellationToken cancellationToken) =>
        TryChangeAsync(
            "UPDATE scrubs SET state = 'cancelled', finished_at = now() WHERE state IN ('running', 'paused')", cancellationToken);

    /// <summary>Finds the scrub that is running or paused.</summary>
    public async Task<ScrubRun?> FindOpenAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"{SelectRun} WHERE s.state IN ('running', 'paused') GROUP BY s.scrub_id");
        return (await ReadRunsAsync(command, cancellationToken)).SingleOrDefault();
    }

    /// <summary>Lists scrubs, the newest first.</summary>
    public async Task<IReadOnlyList<ScrubRun>> ListAsync(int count, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"{SelectRun} GROUP BY s.scrub_id ORDER BY s.started_at DESC, s.scrub_id DESC LIMIT $1");
        command.Parameters.Add(new() { Value = count });
        return await ReadRunsAsync(command, cancellationToken);
    }

    /// <summary>Lists the progress of a scrub on each server.</summary>
    public async Task<IReadOnlyList<ScrubServer>> ListServersAsync(Guid scrub, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            SELECT server_id, after_chunk, is_done, copies_expected, bytes_expected, copies, bytes, corrupt, missing, unreachable
            FROM scrub_progress WHERE scrub_id = $1 ORDER BY server_id
            """);
        command.Parameters.Add(new() { Value = scrub });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var servers = new List<ScrubServer>();
        while (await reader.ReadAsync(cancellationToken))
        {
            servers.Add(new(new ServerId(reader.GetGuid(0)), new ChunkId(reader.GetGuid(1)), ReadTotals(reader, 3), reader.GetBoolean(2)));
        }

        return servers;
    }

    private static async Task<List<ScrubRun>> ReadRunsAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var runs = new List<ScrubRun>();
        while (await reader.ReadAsync(cancellationToken))
        {
            runs.Add(new(
                reader.GetGuid(0),
                reader.GetString(1),
                reader.GetString(2),
                reader.GetFieldValue<DateTimeOffset>(3),
                reader.IsDBNull(4) ? null : reader.GetFieldValue<DateTimeOffset>(4),
                reader.IsDBNull(5) ? null : reader.GetFieldValue<DateTimeOffset>(5),
                reader.GetTimeSpan(6),
                ReadTotals(reader, 7)));
        }

        return runs;
    }

    private static ScrubTotals ReadTotals(DbDataReader reader, int first) => new(
        reader.GetInt64(first),
        reader.GetInt64(first + 1),
        reader.GetInt64(first + 2),
        reader.GetInt64(first + 3),
        reader.GetInt64(first + 4),
        reader.GetInt64(first + 5),
        reader.GetInt64(first + 6));

    private async Task<bool> TryChangeAsync(string update, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new(update));
        batch.BatchCommands.Add(DutySignals.Wake(DutyNames.Scrub));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return batch.BatchCommands[0].RecordsAffected == 1;
    }
}
