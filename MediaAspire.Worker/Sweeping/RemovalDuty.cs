using MediaAspire.Core.Chunks;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Duties;
using MediaAspire.Worker.Duties;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Sweeping;

/// <summary>
/// Moves the copies to be removed to their servers' trash, then deletes their rows, then the rows of files without copies.
/// </summary>
/// <remarks>
/// The only duty that takes a chunk that a row knows; besides it, an aborted upload unlinks its own. The row goes after the bytes, so
/// that a crash between the two leaves a row, and the next round takes what is no longer there, which is a success. While a restore of the
/// database is open, the statements find nothing to remove.
/// </remarks>
internal sealed partial class RemovalDuty(
    RemovalQueue queue,
    FinishedFiles finished,
    ClusterView cluster,
    ChunkNodeClients nodes,
    SweepingMetrics metrics,
    IOptions<SweepingOptions> options,
    ILogger<RemovalDuty> logger) : IDuty
{
    public string Name => DutyNames.Removal;

    public TimeSpan Interval => options.Value.RemovalInterval;

    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        var removed = await queue.DropRowsOfRemovedServersAsync(cancellationToken);
        var waiting = await queue.FindServersAsync(cancellationToken);
        var servers = (await cluster.RefreshAsync(cancellationToken)).Servers
            .Where(server => waiting.Contains(server.Id) && server.Status is ServerStatus.Online or ServerStatus.Draining);
        await Parallel.ForEachAsync(servers, cancellationToken, async (server, token) =>
            Interlocked.Add(ref removed, await EmptyAsync(server, token)));

        var files = await finished.RemoveAsync(cancellationToken);
        metrics.SetWaiting(await queue.CountAsync(cancellationToken));
        return removed + files;
    }

    /// <summary>Deletes every copy on one server whose grace is over, until all are deleted or the server does not answer.</summary>
    private async Task<long> EmptyAsync(ClusterServer server, CancellationToken cancellationToken)
    {
        var removed = 0L;
        RemovalOutcome outcome;
        do
        {
            await using var page = await queue.TakeAsync(server, cancellationToken);
            outcome = page.Chunks.Count == 0 ? RemovalOutcome.NothingLeft : await RemoveAsync(server, page, cancellationToken);
            await page.CommitAsync(cancellationToken);
            removed += page.Removed;
        }
        while (outcome == RemovalOutcome.More);

        metrics.CountRemoved(removed);
        return removed;
    }

    private async Task<RemovalOutcome> RemoveAsync(ClusterServer server, RemovalPage page, CancellationToken cancellationToken)
    {
        var client = nodes.Get(server);
        var outcome = RemovalOutcome.More;
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = options.Value.RemovalConcurrency,
            CancellationToken = cancellationToken,
        };
        await Parallel.ForEachAsync(page.Chunks, parallel, async (chunk, token) =>
        {
            if (outcome == RemovalOutcome.ServerFailed)
            {
                return;
            }

            try
            {
                await client.MoveToTrashAsync(chunk, isUnknown: false, page.DecidedAt, token);
                page.SetRemoved(chunk);
            }
            catch (ChunkNodeException failure) when (failure.Error is ChunkNodeError.Unreachable or ChunkNodeError.TimedOut)
            {
                outcome = RemovalOutcome.ServerFailed;
                LogServerFailed(server.Name, failure.Message);
            }
            catch (ChunkNodeException failure)
            {
                page.SetFailed(chunk);
                LogChunkFailed(chunk, server.Name, failure.Message);
            }
        });
        return outcome;
    }

    private enum RemovalOutcome
    {
        More,
        NothingLeft,
        ServerFailed,
    }

    [LoggerMessage(LogLevel.Warning, "Server {Server} does not answer, so its copies are removed later: {Reason}")]
    private partial void LogServerFailed(string server, string reason);

    [LoggerMessage(LogLevel.Warning, "Deleting chunk {Chunk} on server {Server} failed and is repeated later: {Reason}")]
    private partial void LogChunkFailed(Core.Ids.ChunkId chunk, string server, string reason);
}
