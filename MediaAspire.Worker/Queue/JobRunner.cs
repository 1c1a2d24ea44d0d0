using System.Diagnostics;
using MediaAspire.Core.Jobs;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Queue;

/// <summary>Makes one attempt at a job, and settles the job.</summary>
internal sealed partial class JobRunner(
    IJobSource source,
    JobHandlers handlers,
    JobLeases leases,
    JobCompletions completions,
    JobMetrics metrics,
    IOptions<JobWorkerOptions> options,
    TimeProvider time,
    ILogger<JobRunner> logger)
{
    private const int MaxReasonLength = 2000;

    private static readonly ActivitySource s_source = new("MediaAspire.Jobs");
    private static readonly TimeSpan s_settleRetryDelay = TimeSpan.FromSeconds(1);

    /// <param name="job">The job.</param>
    /// <param name="takenAt">A timestamp from before the job was taken.</param>
    /// <param name="stopping">Ends the attempt; the job is released.</param>
    /// <param name="abandoning">Ends the attempts to settle the job; its lease will expire.</param>
    public async Task RunAsync(LeasedJob job, long takenAt, CancellationToken stopping, CancellationToken abandoning)
    {
        using var held = leases.Hold(job, takenAt);
        using var activity = Start(job);
        var startedAt = time.GetTimestamp();
        metrics.Taken(job.Kind, job.Waited);

        var failure = await AttemptAsync(job, held, stopping);

        activity?.SetStatus(failure is null ? ActivityStatusCode.Unset : ActivityStatusCode.Error, failure?.Message);
        var outcome = await SettleAsync(job, failure, held, stopping, abandoning);
        metrics.AttemptEnded(job.Kind, outcome, time.GetElapsedTime(startedAt));
        LogEnded(job.Kind, job.Id.Value, job.Attempt, outcome);
    }

    /// <returns>The failure of the attempt; null when it succeeded.</returns>
    private async Task<Exception?> AttemptAsync(LeasedJob job, HeldJob held, CancellationToken stopping)
    {
        using var tooLong = new CancellationTokenSource(options.Value.MaxRunTime, time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(held.Lost, stopping, tooLong.Token);
        try
        {
            await handlers.RunAsync(job, ending.Token);
            return null;
        }
        catch (OperationCanceledException) when (tooLong.IsCancellationRequested && !held.Lost.IsCancellationRequested
            && !stopping.IsCancellationRequested)
        {
            return new TimeoutException($"The attempt took longer than {options.Value.MaxRunTime}.");
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The boundary of a job: any exception is the failure of this job alone, and the worker goes on with the others.
            return exception;
        }
    }

    /// <returns>The outcome, as metrics name it.</returns>
    private async Task<string> SettleAsync(
        LeasedJob job, Exception? failure, HeldJob held, CancellationToken stopping, CancellationToken abandoning)
    {
        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(held.Lost, abandoning);
        switch (failure)
        {
            case null:
                return await TrySettleAsync(job, () => completions.CompleteAsync(job), abandoned.Token) ? "ok" : "lost";

            case OperationCanceledException when held.Lost.IsCancellationRequested:
                LogLost(job.Kind, job.Id.Value);
                return "lost";

            case OperationCanceledException when stopping.IsCancellationRequested:
                return await TrySettleAsync(job, () => source.ReleaseAsync([job], abandoned.Token), abandoned.Token) ? "returned" : "lost";

            case JobRejectedException:
                await MoveToDeadLettersAsync(job, failure, abandoned.Token);
                return "rejected";

            default:
                await (job.Attempt < job.MaxAttempts
                    ? RetryAsync(job, failure, abandoned.Token)
                    : MoveToDeadLettersAsync(job, failure, abandoned.Token));
                return "failed";
        }
    }

    private async Task RetryAsync(LeasedJob job, Exception failure, CancellationToken abandoned)
    {
        var delay = JobBackoff.DelayAfter(job.Attempt, options.Value.RetryDelay, options.Value.MaxRetryDelay, Random.Shared);
        LogFailed(failure, job.Kind, job.Id.Value, job.Attempt, job.MaxAttempts, delay);
        await TrySettleAsync(job, () => source.RetryAsync(job, delay, Reason(failure), abandoned), abandoned);
    }

    private async Task MoveToDeadLettersAsync(LeasedJob job, Exception failure, CancellationToken abandoned)
    {
        var isMoved = false;
        await TrySettleAsync(job, async () => isMoved = await source.MoveToDeadLettersAsync(job, Reason(failure), abandoned), abandoned);
        if (isMoved)
        {
            metrics.Died(job.Kind);
            LogDied(failure, job.Kind, job.Id.Value, job.Attempt);
        }
    }

    /// <summary>
    /// Settles the job, and retries that while the lease lasts: a settled job need not be run again.
    /// </summary>
    private async Task<bool> TrySettleAsync(LeasedJob job, Func<Task> settle, CancellationToken abandoned)
    {
        while (true)
        {
            try
            {
                await settle();
                return true;
            }
            catch (JobQueueUnavailableException exception)
            {
                LogNotSettled(job.Kind, job.Id.Value, exception.Message);
                await Task.Delay(s_settleRetryDelay, time, abandoned).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (abandoned.IsCancellationRequested)
            {
                return false;
            }

            if (abandoned.IsCancellationRequested)
            {
                return false;
            }
        }
    }

    private static Activity? Start(LeasedJob job)
    {
        _ = ActivityContext.TryParse(job.TraceParent, traceState: null, isRemote: true, out var parent);
        var activity = s_source.StartActivity($"job {job.Kind}", ActivityKind.Consumer, parent);
        activity?.SetTag("messaging.message.id", job.Id.ToString());
        activity?.SetTag("mediaaspire.job.attempt", job.Attempt);
        return activity;
    }

    private static string Reason(Exception failure)
    {
        var reason = $"{failure.GetType().Name}: {failure.Message}".Replace('\0', ' ');
        return reason.Length <= MaxReasonLength ? reason : reason[..MaxReasonLength];
    }

    [LoggerMessage(LogLevel.Trace, "Job {Kind} {Job}, attempt {Attempt}: {Outcome}")]
    private partial void LogEnded(string kind, Guid job, int attempt, string outcome);

    [LoggerMessage(LogLevel.Warning, "Job {Kind} {Job} failed in attempt {Attempt} of {MaxAttempts}; the next attempt follows in {Delay}")]
    private partial void LogFailed(Exception exception, string kind, Guid job, int attempt, int maxAttempts, TimeSpan delay);

    [LoggerMessage(LogLevel.Error, "Job {Kind} {Job} failed in attempt {Attempt} and is now a dead letter")]
    private partial void LogDied(Exception exception, string kind, Guid job, int attempt);

    [LoggerMessage(LogLevel.Warning, "This worker lost its lease of job {Kind} {Job}; the attempt was ended")]
    private partial void LogLost(string kind, Guid job);

    [LoggerMessage(LogLevel.Warning, "Settling job {Kind} {Job} failed: {Reason}. Trying again")]
    private partial void LogNotSettled(string kind, Guid job, string reason);
}
