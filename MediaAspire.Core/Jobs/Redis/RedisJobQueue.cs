using Microsoft.Extensions.Options;
using Npgsql;
using StackExchange.Redis;

namespace MediaAspire.Core.Jobs.Redis;

/// <summary>Puts jobs into Redis. Durable because Redis fsyncs its append-only file before it answers.</summary>
internal sealed class RedisJobQueue(RedisJobCommands commands, IOptions<JobOptions> options) : IJobQueue
{
    private const string OutOfMemory = "OOM ";

    public bool JoinsTransactions => false;

    public async Task<EnqueueResult> EnqueueAsync(NewJob job, CancellationToken cancellationToken)
    {
        RedisValue[] arguments =
        [
            job.Id.ToString(),
            job.Kind,
            (int)job.Priority,
            (long)Math.Ceiling(job.Delay.TotalMilliseconds),
            job.MaxAttempts ?? options.Value.MaxAttempts,
            job.UniqueKey ?? "",
            job.Payload.ToArray(),
            job.TraceParent ?? "",
            options.Value.MaxDepth,
        ];
        try
        {
            var answer = (RedisResult[])(await commands.RunAsync(RedisJobScripts.Enqueue, arguments, cancellationToken))!;
            return new(Outcome((string)answer[0]!), RedisJobFields.Id(answer[1]));
        }
        catch (JobQueueUnavailableException exception) when (
            exception.InnerException!.Message.Contains(OutOfMemory, StringComparison.Ordinal))
        {
            return new(EnqueueOutcome.Full, job.Id);
        }
    }

    public Task<EnqueueResult> EnqueueAsync(NewJob job, NpgsqlTransaction transaction, CancellationToken cancellationToken) =>
        throw new NotSupportedException(
            "Jobs in Redis cannot be enqueued in a PostgreSQL transaction. Enqueue them after it has committed.");

    public Task<Func<EnqueueOutcome>?> JoinAsync(NewJob job, NpgsqlBatch batch, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Jobs in Redis cannot be enqueued by statements of PostgreSQL. Enqueue them afterwards.");

    private static EnqueueOutcome Outcome(string answer) => answer switch
    {
        "enqueued" => EnqueueOutcome.Enqueued,
        "waiting" => EnqueueOutcome.AlreadyWaiting,
        "full" => EnqueueOutcome.Full,
        _ => throw new System.Diagnostics.UnreachableException($"The script answered \"{answer}\"."),
    };
}
