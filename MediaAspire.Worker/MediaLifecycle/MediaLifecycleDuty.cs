using MediaAspire.Core.Duties;
using MediaAspire.Core.Jobs;
using MediaAspire.Core.Media.Lifecycle;
using MediaAspire.Worker.Duties;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.MediaLifecycle;

/// <summary>
/// Finishes uploads that nobody has reported, removes items whose time is over, and enqueues lost jobs of processing again.
/// </summary>
internal sealed partial class MediaLifecycleDuty(
    MediaSync sync,
    MediaEnds ends,
    SyncRuns runs,
    MediaLifecycleMetrics metrics,
    IOptions<MediaLifecycleOptions> options,
    ILogger<MediaLifecycleDuty> logger) : IDuty
{
    public string Name => DutyNames.MediaLifecycle;

    public TimeSpan Interval => options.Value.SyncInterval;

    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        var settings = options.Value;
        var run = await runs.BeginAsync(cancellationToken);

        // In this order: an upload that came shortly before its end is finished, not expired.
        var counts = await sync.FinishAsync(settings.PageSize, settings.SyncConcurrency, cancellationToken);
        counts = counts with
        {
            Expired = await ends.ExpireAsync(settings.PageSize, settings.BatchSize, cancellationToken),
            Emptied = await ends.EmptyTrashAsync(settings.TrashRetention, settings.PageSize, settings.BatchSize, cancellationToken),
            Requeued = await RequeueAsync(settings, cancellationToken),
        };
        await runs.EndAsync(run, counts, cancellationToken);
        metrics.Ran(counts);
        if (counts.Changes + counts.Faults > 0)
        {
            LogRan(counts.Examined, counts.Finished, counts.Faults, counts.Expired, counts.Emptied, counts.Requeued);
        }

        return counts.Changes;
    }

    private async Task<long> RequeueAsync(MediaLifecycleOptions settings, CancellationToken cancellationToken)
    {
        try
        {
            return await sync.RequeueAsync(settings.RequeueAfter, settings.PageSize, cancellationToken);
        }
        catch (JobQueueUnavailableException away)
        {
            // The counts of the rest are recorded all the same; the next run comes soon.
            LogNotRequeued(away.Message);
            return 0;
        }
    }

    [LoggerMessage(
        LogLevel.Information,
        "Compared {Examined} pending media items with the object store and finished {Finished}, {Faults} failed; "
        + "{Expired} expired, {Emptied} left the trash, {Requeued} were enqueued for processing again")]
    private partial void LogRan(long examined, long finished, long faults, long expired, long emptied, long requeued);

    [LoggerMessage(LogLevel.Warning, "Lost jobs of processing were not enqueued again: {Reason}")]
    private partial void LogNotRequeued(string reason);
}
