using MediaAspire.Core.Cluster;
using MediaAspire.Core.Duties;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Jobs;
using MediaAspire.Core.Repair;
using MediaAspire.Worker.Duties;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Repair;

/// <summary>Finds the chunks with too few copies and enqueues their repair, and removes surplus copies.</summary>
/// <remarks>docs/operations/repair.md is the operator's page.</remarks>
internal sealed partial class RepairDuty(
    RepairBacklog backlog,
    DutyItems items,
    ChunkRepairer repairer,
    ClusterView cluster,
    RepairMetrics metrics,
    IOptions<RepairOptions> options,
    TimeProvider time,
    ILogger<RepairDuty> logger) : IDuty
{
    private const int MostRemainders = 1000;

    // The number of chunks that cannot be repaired at which others are not tried: the cluster has to change first.
    private const int MostResting = 1000;

    // Chunks with one copy left find places in the queue in any case.
    private const int WindowOfUrgent = 2 * DutyItems.Window;

    private HashSet<ServerId> _online = [];
    private ChunkId? _surplusPosition;
    private long? _tidiedAt;

    public string Name => DutyNames.Repair;

    public TimeSpan Interval => options.Value.Interval;

    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        // The first run of a process must not take an unread snapshot for an empty cluster.
        await NoticeServersAsync(await cluster.GetAsync(cancellationToken), cancellationToken);
        var load = await items.CountAsync(Name, cancellationToken);
        var tidied = await TidyAsync(load, cancellationToken);
        metrics.Backlog(await backlog.CountAsync(cancellationToken));
        return tidied + await PlanAsync(load, cancellationToken);
    }

    /// <summary>Retries chunks that could not be repaired when the servers have changed, because a new server may help.</summary>
    private async Task NoticeServersAsync(ClusterSnapshot snapshot, CancellationToken cancellationToken)
    {
        var online = snapshot.Servers.Where(server => server.Status == ServerStatus.Online).Select(server => server.Id).ToHashSet();
        if (!online.IsSubsetOf(_online))
        {
            await items.AwakenAsync(Name, cancellationToken);
        }

        _online = online;
    }

    /// <summary>Fills the window with the most endangered chunks.</summary>
    private async Task<long> PlanAsync(DutyLoad load, CancellationToken cancellationToken)
    {
        var room = load.RoomIn(WindowOfUrgent);
        if (room == 0 || load.Resting >= MostResting)
        {
            return 0;
        }

        var next = (await backlog.NextAsync(room, cancellationToken))
            .Select(chunk => (Item: chunk.Chunk.Value, Job: RepairChunk.Of(chunk.Chunk, chunk.Live, time)))
            .ToList();
        var urgent = next.Count(item => item.Job.Priority == JobPriority.High);
        next = [.. next.Take(Math.Max(urgent, load.RoomIn(DutyItems.Window)))];
        return next.Count == 0 ? 0 : await items.EnqueueAsync(Name, next, cancellationToken);
    }

    /// <summary>Requests, once an interval, the removal of failed copies and of copies beyond those wanted.</summary>
    private async Task<long> TidyAsync(DutyLoad load, CancellationToken cancellationToken)
    {
        if (_tidiedAt is { } tidiedAt && time.GetElapsedTime(tidiedAt) < Interval)
        {
            return 0;
        }

        _tidiedAt = time.GetTimestamp();
        if (load.Resting > 0)
        {
            LogHelpless(load.Resting);
        }

        await items.TidyAsync(Name, cancellationToken);
        var failed = await backlog.RemoveFailedAsync(MostRemainders, cancellationToken);
        metrics.Removed("failed", failed);
        var trimmed = await TrimAsync(cancellationToken);
        if (failed + trimmed > 0)
        {
            LogTidied(trimmed, failed);
        }

        return failed + trimmed;
    }

    /// <summary>Searches a page of all chunks for surplus copies.</summary>
    private async Task<long> TrimAsync(CancellationToken cancellationToken)
    {
        (var surplus, _surplusPosition) = await backlog.FindSurplusAsync(_surplusPosition, options.Value.SurplusPage, cancellationToken);
        var trimmed = 0L;
        foreach (var chunk in surplus)
        {
            trimmed += await repairer.TrimAsync(chunk, cancellationToken);
        }

        metrics.Removed("surplus", trimmed);
        return trimmed;
    }

    [LoggerMessage(LogLevel.Information, "Repair requested the removal of {Trimmed} surplus copies and {Failed} failed ones")]
    private partial void LogTidied(long trimmed, long failed);

    [LoggerMessage(
        LogLevel.Warning,
        "Repair could not restore all copies of {Chunks} chunks: too few servers are online, have room or hold a good copy")]
    private partial void LogHelpless(long chunks);
}
