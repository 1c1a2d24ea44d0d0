using System.Runtime.CompilerServices;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;
using Microsoft.Extensions.Logging;

namespace MediaAspire.Core.Chunks;

/// <summary>Reads a chunk from whichever of its copies answers, and goes on with another one in mid-stream.</summary>
/// <remarks>Every block's checksum has been verified when a run is handed out. Safe for concurrent use.</remarks>
public sealed partial class ChunkReader(ClusterView cluster, ChunkNodeClients nodes, ILogger<ChunkReader> logger)
{
    // A copy that failed gets one more chance after the others: it may have been a passing fault.
    private const int RoundsWithoutProgress = 2;

    private int _turn;

    /// <summary>Reads the whole blocks that cover a range of the chunk, in order; the caller releases each run.</summary>
    /// <param name="chunk">The chunk's id.</param>
    /// <param name="servers">The servers that hold a copy.</param>
    /// <param name="offset">First byte wanted, from the chunk's start.</param>
    /// <param name="length">How many bytes are wanted, at least 1.</param>
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

        var end = offset + length;
        var position = offset;
        Exception? lastFailure = null;

        for (var round = 0; round < RoundsWithoutProgress; round++)
        {
            foreach (var server in Order(servers))
            {
                var start = position;
                await using var runs = nodes.Get(server.Address)
                    .GetAsync(chunk, position, end - position, cancellationToken).GetAsyncEnumerator(cancellationToken);

                while (position < end)
                {
                    var (run, failure) = await NextAsync(server.Address, runs);
                    if (run is null)
                    {
                        lastFailure = failure;
                        LogFailedOver(logger, chunk, server.Name, position, failure!.Message);
                        if (failure.IsNodeFault)
                        {
                            cluster.ReportUnreachable(server.Id);
                        }

                        break;
                    }

                    position = run.Offset + run.Length;
                    yield return run;
                }

                if (position >= end)
                {
                    yield break;
                }

                if (position > start)
                {
                    round = 0;
                }
            }
        }

        throw new ChunkUnavailableException(chunk, servers.Count, lastFailure);
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

    /// <summary>Servers that answer first, a different one of them each time; suspects last, because they may be all there is.</summary>
    private List<ClusterServer> Order(IReadOnlyList<ServerId> servers)
    {
        var snapshot = cluster.Current;
        var turn = (uint)Interlocked.Increment(ref _turn);

        return servers
            .Select((id, index) => (Server: snapshot.TryGetServer(id, out var server) ? server : null, Turn: ((uint)index + turn) % (uint)servers.Count))
            .Where(candidate => candidate.Server is not null)
            .OrderBy(candidate => IsAway(candidate.Server!) ? 1 : 0)
            .ThenBy(candidate => candidate.Turn)
            .Select(candidate => candidate.Server!)
            .ToList();
    }

    private bool IsAway(ClusterServer server) => server.Status == ServerStatus.Offline || cluster.IsSuspect(server.Id);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Reading chunk {ChunkId} from {Server} failed at byte {Position}: {Reason}; another copy takes over")]
    private static partial void LogFailedOver(ILogger logger, ChunkId chunkId, string server, long position, string reason);
}
