using System.Collections.Concurrent;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Jobs;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Queue;

/// <summary>Renews the leases of the jobs that this worker runs, and ends the attempts at jobs whose lease is lost.</summary>
internal sealed partial class JobLeases(IJobSource source, IOptions<JobWorkerOptions> options, TimeProvider time, ILogger<JobLeases> logger)
{
    private readonly ConcurrentDictionary<JobId, HeldJob> _held = new();

    public TimeSpan Duration => options.Value.LeaseDuration;

    /// <param name="job">The job; released when what is returned is disposed.</param>
    /// <param name="takenAt">A timestamp from before the job was taken, so that this side's clock runs out first.</param>
    public HeldJob Hold(LeasedJob job, long takenAt)
    {
        var held = new HeldJob(job, Duration, takenAt, time, Forget);
        _held[job.Id] = held;
        return held;
    }

    /// <summary>Sends heartbeats until cancelled.</summary>
    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Duration / 3, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                if (!_held.IsEmpty)
                {
                    await RenewOnceAsync(cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The worker holds no more jobs.
        }
    }

    private void Forget(HeldJob held) => _held.TryRemove(KeyValuePair.Create(held.Job.Id, held));

    private async Task RenewOnceAsync(CancellationToken cancellationToken)
    {
        var held = _held.Values.ToList();
        var askedAt = time.GetTimestamp();
        try
        {
            var lost = (await source.HeartbeatAsync([.. held.Select(job => job.Job)], Duration, cancellationToken)).ToHashSet();
            foreach (var job in held)
            {
                if (lost.Contains(job.Job.Id))
                {
                    job.Lose();
                }
                else
                {
                    job.Prolong(askedAt);
                }
            }
        }
        catch (JobQueueUnavailableException exception)
        {
            LogNoHeartbeat(held.Count, exception.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Renewing the leases of {Jobs} running jobs failed: {Reason}")]
    private partial void LogNoHeartbeat(int jobs, string reason);
}
