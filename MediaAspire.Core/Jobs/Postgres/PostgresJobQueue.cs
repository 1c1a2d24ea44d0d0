using MediaAspire.Core.Ids;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace MediaAspire.Core.Jobs.Postgres;

/// <summary>Puts jobs into the table <c>jobs</c>.</summary>
internal sealed class PostgresJobQueue(
    PostgresJobCommands commands, PostgresJobDepth depth, PostgresJobSignal signal, IOptions<JobOptions> options) : IJobQueue
{
    private const string Insert = """
        INSERT INTO jobs (id, kind, priority, run_at, max_attempts, unique_key, payload, trace_parent)
        VALUES ($1, $2, $3, now() + $4, $5, $6, $7, $8)
        ON CONFLICT DO NOTHING
        """;

    // A conflict is with a job of the same key, or with this very job from an attempt before.
    private const string InsertKeyed = $"""
        WITH added AS ({Insert} RETURNING id)
        SELECT id FROM added
        UNION ALL
        (SELECT id FROM jobs WHERE id = $1 UNION ALL SELECT id FROM jobs WHERE kind = $2 AND unique_key = $6 AND NOT running)
        LIMIT 1
        """;

    public bool JoinsTransactions => true;

    public async Task<EnqueueResult> EnqueueAsync(NewJob job, CancellationToken cancellationToken)
    {
        if (await depth.IsFullAsync(job.Kind, cancellationToken))
        {
            return new(EnqueueOutcome.Full, job.Id);
        }

        await using var command = commands.Create(job.UniqueKey is null ? Insert : InsertKeyed, Parameters(job));
        var id = await PostgresJobCommands.RunAsync(token => InsertAsync(command.ExecuteScalarAsync, job, token), cancellationToken);
        signal.Send(job.Kind);
        return Result(job, id);
    }

    public async Task<EnqueueResult> EnqueueAsync(NewJob job, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        if (await depth.IsFullAsync(job.Kind, transaction, cancellationToken))
        {
            return new(EnqueueOutcome.Full, job.Id);
        }

        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        var insert = new NpgsqlBatchCommand(job.UniqueKey is null ? Insert : InsertKeyed);
        foreach (var parameter in Parameters(job))
        {
            insert.Parameters.Add(parameter);
        }

        batch.BatchCommands.Add(insert);

        // Sent when the transaction commits.
        batch.BatchCommands.Add(new("SELECT pg_notify($1, $2)")
        {
            Parameters = { new() { Value = PostgresJobSignal.Channel }, new() { Value = job.Kind } },
        });
        return Result(job, await InsertAsync(batch.ExecuteScalarAsync, job, cancellationToken));
    }

    public async Task<Func<EnqueueOutcome>?> JoinAsync(NewJob job, NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        if (await depth.IsFullAsync(job.Kind, cancellationToken))
        {
            return null;
        }

        var statement = new NpgsqlBatchCommand(Insert);
        statement.Parameters.AddRange(Parameters(job));
        batch.BatchCommands.Add(statement);
        return () =>
        {
            signal.Send(job.Kind);
            if (statement.RecordsAffected == 0)
            {
                return EnqueueOutcome.AlreadyWaiting;
            }

            depth.Add(job.Kind);
            return EnqueueOutcome.Enqueued;
        };
    }

    private EnqueueResult Result(NewJob job, JobId id)
    {
        if (id != job.Id)
        {
            return new(EnqueueOutcome.AlreadyWaiting, id);
        }

        depth.Add(job.Kind);
        return new(EnqueueOutcome.Enqueued, id);
    }

    private static async Task<JobId> InsertAsync(
        Func<CancellationToken, Task<object?>> insert, NewJob job, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Nothing comes back without a key. With one, when the other job was committed, or taken by a worker, between the two reads of
            // the statement.
            var id = await insert(cancellationToken);
            if (job.UniqueKey is null || id is not null)
            {
                return id is Guid found ? new JobId(found) : job.Id;
            }
        }
    }

    private NpgsqlParameter[] Parameters(NewJob job) =>
    [
        new() { Value = job.Id.Value },
        new() { Value = job.Kind },
        new() { Value = (short)job.Priority },
        new() { Value = job.Delay },
        new() { Value = job.MaxAttempts ?? options.Value.MaxAttempts },
        new() { Value = (object?)job.UniqueKey ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
        new() { Value = job.Payload.ToArray(), NpgsqlDbType = NpgsqlDbType.Json },
        new() { Value = (object?)job.TraceParent ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
    ];
}
