using MediaAspire.Core.Duties;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Jobs;
using MediaAspire.Core.NamedFiles;
using MediaAspire.Core.Staging;
using MediaAspire.Worker.Duties;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Splitting;

/// <summary>Frees staged values that no row refers to, enqueues lost jobs again, and measures short-term storage.</summary>
/// <remarks>
/// A value without a row is left by a put that was killed or refused; a version without a job by a crash between its row and a queue in
/// Redis, or by a dead letter. Neither is common, and neither may stay.
/// </remarks>
internal sealed partial class StagingDuty(
    StagingArea staging,
    StagingOwner owner,
    NamedFileCatalog names,
    IJobQueue queue,
    StagingMetrics metrics,
    IOptions<SplittingOptions> options,
    TimeProvider time,
    ILogger<StagingDuty> logger) : IDuty
{
    private const int PageSize = 500;

    // A put that slept longer than this after its version was abandoned would find no trace of that.
    private static readonly TimeSpan s_abandonedAge = TimeSpan.FromDays(7);

    private string? _refusal;

    public string Name => DutyNames.Staging;

    public TimeSpan Interval => options.Value.Interval;

    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        await names.ForgetAbandonedAsync(s_abandonedAge, cancellationToken);
        try
        {
            return await SweepAsync(cancellationToken);
        }
        catch (StagingException away) when (away.Failure == StagingFailure.Unavailable)
        {
            // The log of the connection names the failure once; the next run comes soon.
            LogAway(away.Message);
            return 0;
        }
    }

    private async Task<long> SweepAsync(CancellationToken cancellationToken)
    {
        var refusal = await owner.CheckAsync(cancellationToken);
        var orphans = refusal is null ? await FreeOrphansAsync(cancellationToken) : 0;
        if (refusal is not null && refusal != _refusal)
        {
            LogNotOurs(refusal);
        }

        _refusal = refusal;
        var requeued = await RequeueAsync(cancellationToken);
        metrics.Show(await staging.MeasureAsync(cancellationToken), lifetime: 3 * Interval);
        return orphans + requeued;
    }

    private async Task<long> FreeOrphansAsync(CancellationToken cancellationToken)
    {
        long freed = 0;
        for (long kept = 0; ;)
        {
            var old = await staging.ListOlderAsync(options.Value.OrphanAge, kept, PageSize, cancellationToken);
            if (old.Count == 0)
            {
                return freed;
            }

            var orphans = await names.AbandonAsync(old, cancellationToken);
            foreach (var orphan in orphans)
            {
                await staging.FreeAsync(orphan, cancellationToken);
            }

            if (orphans.Count > 0)
            {
                metrics.OrphansFreed(orphans.Count);
                LogOrphans(orphans.Count, options.Value.OrphanAge);
            }

            kept += old.Count - orphans.Count;
            freed += orphans.Count;
        }
    }

    private async Task<long> RequeueAsync(CancellationToken cancellationToken)
    {
        var overdue = await names.TakeOverdueAsync(options.Value.RequeueAfter, PageSize, cancellationToken);
        foreach (var version in overdue)
        {
            var result = await queue.EnqueueAsync(SplitFile.Of(version, time), cancellationToken);
            LogRequeued(version, result.Outcome);
        }

        metrics.Requeued(overdue.Count);
        return overdue.Count;
    }

    [LoggerMessage(LogLevel.Error, "Staged values without a row were not freed: {Reason}")]
    private partial void LogNotOurs(string reason);

    [LoggerMessage(LogLevel.Debug, "Staged values were not swept: {Reason}")]
    private partial void LogAway(string reason);

    [LoggerMessage(LogLevel.Information, "Freed {Count} staged values that no row has referred to for {Age}")]
    private partial void LogOrphans(int count, TimeSpan age);

    [LoggerMessage(LogLevel.Warning, "Version {Version} is staged for longer than expected; its job was enqueued again: {Outcome}")]
    private partial void LogRequeued(StagingId version, EnqueueOutcome outcome);
}
