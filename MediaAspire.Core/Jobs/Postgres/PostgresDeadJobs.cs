using MediaAspire.Core.Ids;
using Npgsql;

namespace MediaAspire.Core.Jobs.Postgres;

/// <summary>The table <c>dead_jobs</c>.</summary>
internal sealed class PostgresDeadJobs(PostgresJobCommands commands, PostgresJobSignal signal) : IDeadJobs
{
    private const string Columns = "id, kind, payload, priority, unique_key, attempts, error, enqueued_at, died_at, trace_parent";

    // The key is held again, unless a job that waits has it.
    private const string Replay = """
        WITH gone AS (DELETE FROM dead_jobs WHERE id = $1 RETURNING *)
        INSERT INTO jobs (id, kind, priority, run_at, max_attempts, unique_key, payload, trace_parent, enqueued_at)
        SELECT id, kind, priority, now(), max_attempts,
            CASE WHEN NOT EXISTS (
                SELECT FROM jobs o WHERE o.kind = gone.kind AND o.unique_key = gone.unique_key AND NOT o.running) THEN unique_key END,
            payload, trace_parent, enqueued_at
        FROM gone
        ON CONFLICT (id) DO NOTHING
        """;

    public async Task<IReadOnlyList<DeadJob>> ListAsync(JobId? after, int limit, CancellationToken cancellationToken)
    {
        await using var command = commands.Create(
            $"SELECT {Columns} FROM dead_jobs WHERE id > $1 ORDER BY id LIMIT $2",
            new NpgsqlParameter { Value = after?.Value ?? Guid.Empty },
            new NpgsqlParameter { Value = limit });
        return await PostgresJobCommands.RunAsync(token => ReadAsync(command, token), cancellationToken);
    }

    public async Task<DeadJob?> FindAsync(JobId id, CancellationToken cancellationToken)
    {
        await using var command = commands.Create(
            $"SELECT {Columns} FROM dead_jobs WHERE id = $1", new NpgsqlParameter { Value = id.Value });
        return (await PostgresJobCommands.RunAsync(token => ReadAsync(command, token), cancellationToken)).SingleOrDefault();
    }

    public async Task<bool> ReplayAsync(JobId id, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var isReplayed = await commands.ExecuteAsync(Replay, cancellationToken, new NpgsqlParameter { Value = id.Value }) == 1;
                signal.Send(PostgresJobSignal.AnyKind);
                return isReplayed;
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
            {
                // The key was taken between this statement's look and its write; the next look sees it.
            }
        }
    }

    public Task<long> ReplayAllAsync(CancellationToken cancellationToken) => DeadJobPages.ReplayAllAsync(this, cancellationToken);

    public async Task<bool> PurgeAsync(JobId id, CancellationToken cancellationToken) =>
        await commands.ExecuteAsync(
            "DELETE FROM dead_jobs WHERE id = $1", cancellationToken, new NpgsqlParameter { Value = id.Value }) == 1;

    public async Task<long> PurgeAllAsync(CancellationToken cancellationToken) =>
        await commands.ExecuteAsync("DELETE FROM dead_jobs", cancellationToken);

    private static async Task<IReadOnlyList<DeadJob>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var jobs = new List<DeadJob>();
        while (await reader.ReadAsync(cancellationToken))
        {
            jobs.Add(new(
                new JobId(reader.GetGuid(0)),
                reader.GetString(1),
                reader.GetFieldValue<byte[]>(2),
                (JobPriority)reader.GetInt16(3),
                reader.IsDBNull(4) ? null : reader.GetString(4),
                reader.GetInt32(5),
                reader.GetString(6),
                reader.GetFieldValue<DateTimeOffset>(7),
                reader.GetFieldValue<DateTimeOffset>(8),
                reader.IsDBNull(9) ? null : reader.GetString(9)));
        }

        return jobs;
    }
}
