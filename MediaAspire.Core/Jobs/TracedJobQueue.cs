using System.Diagnostics;
using Npgsql;

namespace MediaAspire.Core.Jobs;

/// <summary>Counts what is enqueued, and makes the job's run a part of the caller's trace.</summary>
internal sealed class TracedJobQueue(IJobQueue queue, JobMetrics metrics) : IJobQueue
{
    private const string SourceName = "MediaAspire.Jobs";

    private static readonly ActivitySource s_source = new(SourceName);

    public bool JoinsTransactions => queue.JoinsTransactions;

    public Task<EnqueueResult> EnqueueAsync(NewJob job, CancellationToken cancellationToken) =>
        TraceAsync(job, traced => queue.EnqueueAsync(traced, cancellationToken));

    public Task<EnqueueResult> EnqueueAsync(NewJob job, NpgsqlTransaction transaction, CancellationToken cancellationToken) =>
        TraceAsync(job, traced => queue.EnqueueAsync(traced, transaction, cancellationToken));

    public async Task<Func<EnqueueOutcome>?> JoinAsync(NewJob job, NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        using var activity = Start(job);
        var committed = await queue.JoinAsync(job with { TraceParent = activity?.Id ?? job.TraceParent }, batch, cancellationToken);
        if (committed is null)
        {
            metrics.Enqueued(job.Kind, EnqueueOutcome.Full);
            return null;
        }

        return () =>
        {
            var outcome = committed();
            metrics.Enqueued(job.Kind, outcome);
            return outcome;
        };
    }

    private static Activity? Start(NewJob job) =>
        s_source.StartActivity($"enqueue {job.Kind}", ActivityKind.Producer)?.SetTag("messaging.message.id", job.Id.ToString());

    private async Task<EnqueueResult> TraceAsync(NewJob job, Func<NewJob, Task<EnqueueResult>> enqueue)
    {
        using var activity = Start(job);
        try
        {
            var result = await enqueue(job with { TraceParent = activity?.Id ?? job.TraceParent });
            metrics.Enqueued(job.Kind, result.Outcome);
            return result;
        }
        catch (JobQueueUnavailableException exception)
        {
            activity?.SetStatus(ActivityStatusCode.Error, exception.Message);
            throw;
        }
    }
}
