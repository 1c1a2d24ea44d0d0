using MediaAspire.Core.Ids;
using Npgsql;
using NpgsqlTypes;

namespace MediaAspire.Core.Jobs.Postgres;

/// <summary>Takes jobs from the table <c>jobs</c>.</summary>
internal sealed class PostgresJobSource(PostgresJobCommands commands, PostgresJobSignal signal) : IJobSource
{
    // One step into the index per priority and kind, until there are enough. The rows' order is the index's, and the outer limit ends the
    // scan, so no row is locked that is not taken.
    private const string Take = """
        WITH picked AS MATERIALIZED (
            SELECT due.id, due.run_at
            FROM unnest($1::text[], $2::smallint[]) AS turn (kind, priority)
            CROSS JOIN LATERAL (
                SELECT j.id, j.run_at FROM jobs j
                WHERE j.kind = turn.kind AND j.priority = turn.priority AND j.run_at <= now()
                ORDER BY j.run_at, j.id LIMIT $3 FOR UPDATE SKIP LOCKED) AS due
            LIMIT $3)
        UPDATE jobs SET run_at = now() + $4, running = true, claim = claim + 1, attempts = attempts + 1
        FROM picked WHERE jobs.id = picked.id
        RETURNING jobs.id, kind, payload, attempts, max_attempts, claim, enqueued_at, now() - picked.run_at, trace_parent, priority
        """;

    private const string NextDue = """
        SELECT min(due.run_at) - now()
        FROM unnest($1::text[], $2::smallint[]) AS turn (kind, priority)
        CROSS JOIN LATERAL (
            SELECT j.run_at FROM jobs j
            WHERE j.kind = turn.kind AND j.priority = turn.priority AND j.run_at > now()
            ORDER BY j.run_at LIMIT 1) AS due
        """;

    private const string Heartbeat = """
        UPDATE jobs SET run_at = now() + $3 FROM unnest($1, $2) AS held (id, claim)
        WHERE jobs.id = held.id AND jobs.claim = held.claim AND running
        RETURNING jobs.id
        """;

    private const string Complete =
        "DELETE FROM jobs USING unnest($1, $2) AS done (id, claim) WHERE jobs.id = done.id AND jobs.claim = done.claim AND running";

    // The key is held again, unless another job has taken it meanwhile.
    private const string Return = """
        UPDATE jobs SET running = false, run_at = now() + $3, attempts = attempts - $4, last_error = coalesce($5, last_error),
            unique_key = CASE WHEN NOT EXISTS (
                SELECT FROM jobs o WHERE o.kind = jobs.kind AND o.unique_key = jobs.unique_key AND NOT o.running) THEN unique_key END
        WHERE id = $1 AND claim = $2 AND running
        """;

    private const string MoveToDeadLetters = """
        WITH gone AS (DELETE FROM jobs WHERE id = $1 AND claim = $2 AND running RETURNING *)
        INSERT INTO dead_jobs (id, kind, priority, attempts, max_attempts, unique_key, payload, trace_parent, error, enqueued_at)
        SELECT id, kind, priority, least(attempts, max_attempts), max_attempts, unique_key, payload, trace_parent, $3, enqueued_at
        FROM gone
        ON CONFLICT (id) DO UPDATE SET error = excluded.error, attempts = excluded.attempts, died_at = excluded.died_at
        """;

    public async Task<TakenJobs> TakeAsync(IReadOnlyList<string> kinds, int limit, TimeSpan lease, CancellationToken cancellationToken)
    {
        JobPriority[] priorities = Enum.GetValues<JobPriority>();
        string[] turnKinds = [.. priorities.SelectMany(_ => kinds)];
        short[] turnPriorities = [.. priorities.SelectMany(priority => kinds.Select(_ => (short)priority))];
        await using var batch = commands.CreateWithoutFsync(
            new NpgsqlBatchCommand(Take)
            {
                Parameters =
                {
                    new() { Value = turnKinds }, new() { Value = turnPriorities }, new() { Value = limit }, new() { Value = lease },
                },
            },
            new NpgsqlBatchCommand(NextDue) { Parameters = { new() { Value = turnKinds }, new() { Value = turnPriorities } } });
        var (rows, nextDue) = await PostgresJobCommands.RunAsync(token => ReadTakenAsync(batch, token), cancellationToken);

        var hopeless = rows.Where(job => job.Attempt > job.MaxAttempts).ToList();
        foreach (var job in hopeless)
        {
            await MoveToDeadLettersAsync(job, JobErrors.WorkerDied, cancellationToken);
        }

        return new TakenJobs([.. rows.Except(hopeless)], nextDue, [.. hopeless.Select(job => job.Kind)]);
    }

    public async Task<IReadOnlyList<JobId>> HeartbeatAsync(
        IReadOnlyList<LeasedJob> jobs, TimeSpan lease, CancellationToken cancellationToken)
    {
        var statement = new NpgsqlBatchCommand(Heartbeat);
        AddLeases(statement, jobs);
        statement.Parameters.Add(new() { Value = lease });
        await using var batch = commands.CreateWithoutFsync(statement);
        var held = await PostgresJobCommands.RunAsync(token => ReadIdsAsync(batch, token), cancellationToken);
        return [.. jobs.Select(job => job.Id).Except(held)];
    }

    public async Task CompleteAsync(IReadOnlyList<LeasedJob> jobs, CancellationToken cancellationToken)
    {
        var statement = new NpgsqlBatchCommand(Complete);
        AddLeases(statement, jobs);
        await using var batch = commands.CreateWithoutFsync(statement);
        await PostgresJobCommands.RunAsync(batch.ExecuteNonQueryAsync, cancellationToken);
    }

    public Task<bool> RetryAsync(LeasedJob job, TimeSpan delay, string reason, CancellationToken cancellationToken) =>
        ReturnAsync(job, delay, uncounted: 0, reason, cancellationToken);

    public async Task<bool> MoveToDeadLettersAsync(LeasedJob job, string reason, CancellationToken cancellationToken) =>
        await commands.ExecuteAsync(
            MoveToDeadLetters,
            cancellationToken,
            new() { Value = job.Id.Value },
            new() { Value = job.LeaseNumber },
            new() { Value = reason }) == 1;

    public async Task ReleaseAsync(IReadOnlyList<LeasedJob> jobs, CancellationToken cancellationToken)
    {
        foreach (var job in jobs)
        {
            await ReturnAsync(job, TimeSpan.Zero, uncounted: 1, reason: null, cancellationToken);
        }
    }

    public Task ListenAsync(Action<string?> receive, CancellationToken cancellationToken) => signal.ListenAsync(receive, cancellationToken);

    private async Task<bool> ReturnAsync(LeasedJob job, TimeSpan delay, int uncounted, string? reason, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var isReturned = await commands.ExecuteAsync(
                    Return,
                    cancellationToken,
                    new() { Value = job.Id.Value },
                    new() { Value = job.LeaseNumber },
                    new() { Value = delay },
                    new() { Value = uncounted },
                    new() { Value = (object?)reason ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text }) == 1;

                // Even a delayed one: somebody waits for a time that this job may come before.
                signal.Send(job.Kind);
                return isReturned;
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
            {
                // The key was taken between this statement's look and its write; the next look sees it.
            }
        }
    }

    private static async Task<(List<LeasedJob> Jobs, TimeSpan? NextDue)> ReadTakenAsync(
        NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var jobs = new List<(short Priority, LeasedJob Job)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            jobs.Add((reader.GetInt16(9), ReadJob(reader)));
        }

        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        TimeSpan? nextDue = reader.IsDBNull(0) ? null : reader.GetFieldValue<TimeSpan>(0);
        var inOrder = jobs.OrderBy(row => row.Priority).ThenByDescending(row => row.Job.Waited).ThenBy(row => row.Job.Id.Value);
        return ([.. inOrder.Select(row => row.Job)], nextDue);
    }

    private static LeasedJob ReadJob(NpgsqlDataReader row) => new(
        new JobId(row.GetGuid(0)),
        row.GetString(1),
        row.GetFieldValue<byte[]>(2),
        row.GetInt32(3),
        row.GetInt32(4),
        row.GetInt64(5),
        row.GetFieldValue<DateTimeOffset>(6),
        row.GetFieldValue<TimeSpan>(7),
        row.IsDBNull(8) ? null : row.GetString(8));

    private static async Task<HashSet<JobId>> ReadIdsAsync(NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var ids = new HashSet<JobId>();
        while (await reader.ReadAsync(cancellationToken))
        {
            ids.Add(new JobId(reader.GetGuid(0)));
        }

        return ids;
    }

    private static void AddLeases(NpgsqlBatchCommand statement, IReadOnlyList<LeasedJob> jobs)
    {
        statement.Parameters.Add(new() { Value = jobs.Select(job => job.Id.Value).ToArray() });
        statement.Parameters.Add(new() { Value = jobs.Select(job => job.LeaseNumber).ToArray() });
    }
}
