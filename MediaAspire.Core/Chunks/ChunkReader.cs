using System.Data.Common;
using System.Runtime.CompilerServices;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;
using Microsoft.Extensions.Logging;

namespace MediaAspire.Core.Chunks;

/// <summary>A reader of chunks, which fails over to another copy in mid-stream.</summary>
/// <remarks>
/// Every run is verified before it is returned. A copy that is missing or differs from its checksums is reported. When every copy of the
/// list has failed, the reader asks the catalog for the current copies and tries each once more, including the copies known to be corrupt:
/// each may still have the blocks that the others have lost. Chunks that are read often come from <see cref="ChunkCache"/>. Safe for
/// concurrent use.
/// </remarks>
public sealed partial class ChunkReader(
    ClusterView cluster, ChunkNodeClients nodes, ChunkCache cache, IChunkLocator locator, ICopyFaults faults, ILogger<ChunkReader> logger)
{
    // 2^32 divided by the golden ratio: its multiples spread evenly at any step.
    private const uint GoldenRatio = 2_654_435_769;

    private int _turn;

    /// <summary>Reads the whole blocks that cover a range of the chunk, in order; the caller releases each run.</summary>
    /// <param name="chunk">The chunk's id.</param>
    /// <param name="servers">The servers that hold a copy; they may have lost it since.</param>
    /// <param name="offset">First byte wanted, from the chunk's start.</param>
    /// <param name="length">The number of bytes wanted, at least 1.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ChunkUnavailableException">No copy could be read.</exception>
    public async IAsyncEnumerable<BlockRun> ReadAsync(
        ChunkId chunk,
        IReadOnlyList<ServerId> servers,
        long offset,
        long length,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(servers);

        if (cache.Find(chunk, offset, length) is { } known)
        {
            yield return known;
            yield break;
        }

        var end = offset + length;
        var position = offset;
        Exception? lastFailure = null;

        var copies = Order(servers);
        var isFresh = false;
        var withoutProgress = 0;
        for (var turn = 0; ; turn++)
        {
            if (withoutProgress == copies.Count)
            {
                if (!isFresh)
                {
                    copies = await LocateAsync(chunk, tried: copies, cancellationToken);
                }

                if (isFresh || copies.Count == 0)
                {
                    throw new ChunkUnavailableException(chunk, copies.Count, lastFailure);
                }

                (isFresh, withoutProgress, turn) = (true, 0, 0);
            }

            var server = copies[turn % copies.Count];
            var start = position;
            await using var runs = nodes.Get(server)
                .GetAsync(chunk, position, end - position, cancellationToken).GetAsyncEnumerator(cancellationToken);

            while (position < end)
            {
                var (run, failure) = await NextAsync(server.Address, runs);
                if (run is null)
                {
                    lastFailure = failure;
                    Handle(failure!, chunk, server, position);
                    break;
                }

                position = run.Offset + run.Length;
                if (run.Offset == 0)
                {
                    cache.Offer(chunk, run);
                }

                yield return run;
            }

            if (position >= end)
            {
                yield break;
            }

            // Progress allows another lookup later: copies move while a long chunk is read.
            (withoutProgress, isFresh) = position > start ? (0, false) : (withoutProgress + 1, isFresh);
        }
    }

    private static async Task<(BlockRun? Run, ChunkNodeException? Failure)> NextAsync(Uri node, IAsyncEnumerator<BlockRun> runs)
    {
        try
        {
            return await runs.MoveNextAsync()
                ? (runs.Current, null)
                : (null, new ChunkNodeException(ChunkNodeError.Corrupt, node, "the stream ended before the range did"));
        }
        catch (ChunkNodeException failure)
        {
            return (null, failure);
        }
    }

    private void Handle(ChunkNodeException failure, ChunkId chunk, ClusterServer server, long position)
    {
        LogFailedOver(logger, chunk, server.Name, position, failure.Message);
        if (failure.IsNodeFault)
        {
            cluster.ReportUnreachable(server.Id);
        }
        else if (failure.Error is ChunkNodeError.Corrupt or ChunkNodeError.NotFound)
        {
            faults.Report(chunk, server.Id);
        }
    }

    /// <summary>Looks the current copies up: first the untried ones, then the corrupt ones, then the others again.</summary>
    private async Task<List<ClusterServer>> LocateAsync(ChunkId chunk, List<ClusterServer> tried, CancellationToken cancellationToken)
    {
        try
        {
            var located = await locator.LocateAsync(chunk, cancellationToken);
            var stored = Order(located.Stored).ToLookup(
                server => tried.Exists(one => one.Id == server.Id && one.Address == server.Address));
            return [.. stored[false], .. Order(located.Corrupt), .. stored[true]];
        }
        catch (DbException failure)
        {
            // The known copies are tried again: a temporary fault may be over.
            LogNotLocated(logger, chunk, failure.Message);
            return tried;
        }
    }

    /// <summary>Orders the servers: available ones first, in turn; suspects last, as a last resort.</summary>
    private List<ClusterServer> Order(IReadOnlyList<ServerId> servers)
    {
        var snapshot = cluster.Current;

        // Files are read chunk by chunk: a plain counter would choose the same copies of a file each time, and never the others.
        var turn = unchecked((uint)Interlocked.Increment(ref _turn) * GoldenRatio) >> 16;

        return servers
            .Select((id, index) => (
                Server: snapshot.TryGetServer(id, out var server) ? server : null,
                Turn: ((uint)index + turn) % (uint)servers.Count))
            .Where(candidate => candidate.Server is not null)
            .OrderBy(candidate => IsAway(candidate.Server!) ? 1 : 0)
            .ThenBy(candidate => candidate.Turn)
            .Select(candidate => candidate.Server!)
            .ToList();
    }

    private bool IsAway(ClusterServer server) => server.Status == ServerStatus.Offline || cluster.IsSuspect(server.Id);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Reading chunk {ChunkId} from {Server} failed at byte {Position}: {Reason}; continuing with another copy")]
    private static partial void LogFailedOver(ILogger logger, ChunkId chunkId, string server, long position, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Looking up the current copies of chunk {ChunkId} failed: {Reason}")]
    private static partial void LogNotLocated(ILogger logger, ChunkId chunkId, string reason);
}
