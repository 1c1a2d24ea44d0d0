using System.Data.Common;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Jobs;
using MediaAspire.Core.Media.Uploads;
using MediaAspire.Core.ObjectStore;
using Microsoft.Extensions.Logging;

namespace MediaAspire.Core.Media.Lifecycle;

/// <summary>Finishes uploads that nobody has reported, and enqueues lost jobs of processing again.</summary>
public sealed partial class MediaSync(
    MediaLifecycleQueries queries, FinalizeMedia uploads, IJobQueue queue, TimeProvider time, ILogger<MediaSync> logger)
{
    // A run ends although the queue may be longer than what it can compare in a while; the next one goes on from there.
    private const int MostCompared = 10_000;

    private MediaId? _compared;

    /// <summary>Compares every pending item with the object store, and finishes those whose parts have all come.</summary>
    /// <param name="pageSize">Items read at once.</param>
    /// <param name="concurrency">Items compared at once.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public async Task<SyncCounts> FinishAsync(int pageSize, int concurrency, CancellationToken cancellationToken)
    {
        var tally = new Tally();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = concurrency, CancellationToken = cancellationToken };
        IReadOnlyList<MediaId> page = [];
        do
        {
            page = await queries.ListPendingAsync(page.Count == 0 ? null : page[^1], pageSize, cancellationToken);
            await Parallel.ForEachAsync(page, parallel, async (id, token) => tally.Count(await FinishAsync(id, token)));
        }
        while (page.Count == pageSize);

        return tally.Counts;
    }

    /// <summary>Enqueues jobs for items that wait for processing and that nothing has changed for a while.</summary>
    /// <param name="unchangedFor">The time since their last change.</param>
    /// <param name="pageSize">Items read at once.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <returns>The number of items whose job was lost. A job that waits in the queue is not doubled.</returns>
    public async Task<long> RequeueAsync(TimeSpan unchangedFor, int pageSize, CancellationToken cancellationToken)
    {
        var requeued = 0L;
        for (var compared = 0; compared < MostCompared;)
        {
            var page = await queries.ListUnprocessedAsync(_compared, unchangedFor, pageSize, cancellationToken);
            foreach (var id in page)
            {
                var (outcome, _) = await queue.EnqueueAsync(ProcessMedia.Of(id, time), cancellationToken);
                if (outcome == EnqueueOutcome.Full)
                {
                    LogFull();
                    return requeued;
                }

                requeued += outcome == EnqueueOutcome.Enqueued ? 1 : 0;
            }

            compared += page.Count;
            _compared = page.Count < pageSize ? null : page[^1];
            if (_compared is null)
            {
                break;
            }
        }

        return requeued;
    }

    private async Task<FinishStatus?> FinishAsync(MediaId id, CancellationToken cancellationToken)
    {
        try
        {
            return (await uploads.FinalizeAsync(id, sender: null, cancellationToken)).Status;
        }
        catch (Exception failure) when (failure is ObjectStoreException or IOException or DbException or TimeoutException)
        {
            // One item's object must not keep the others from being finished.
            LogNotCompared(id, failure.Message);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The queue is full; lost jobs of processing wait for the next run")]
    private partial void LogFull();

    [LoggerMessage(LogLevel.Warning, "Pending item {Item} could not be compared with the object store: {Reason}")]
    private partial void LogNotCompared(MediaId item, string reason);

    /// <summary>The counts of items that are compared at once.</summary>
    private sealed class Tally
    {
        private readonly Lock _lock = new();

        public SyncCounts Counts { get; private set; } = new();

        public void Count(FinishStatus? status)
        {
            lock (_lock)
            {
                var counts = Counts with { Examined = Counts.Examined + 1 };
                Counts = status switch
                {
                    null => counts with { Faults = counts.Faults + 1 },
                    FinishStatus.Uploaded => counts with { Finished = counts.Finished + 1 },
                    FinishStatus.Verifying => counts with { Verifying = counts.Verifying + 1 },
                    FinishStatus.Refused => counts with { Refused = counts.Refused + 1 },
                    _ => counts,
                };
            }
        }
    }
}
