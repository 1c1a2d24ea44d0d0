using System.Runtime.CompilerServices;
using Grpc.Core;
using MediaAspire.Core.Chunks.Protos;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Chunks;

/// <content>The node's trash.</content>
public sealed partial class ChunkNodeClient
{
    /// <summary>Moves a chunk to the node's trash on behalf of a sweep. Idempotent.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="isUnknown">True when no row knows the chunk; false when its copy is to be removed.</param>
    /// <param name="decidedAt">The mark that the database had for the node, read by the statement that chose the chunk.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns><see langword="true"/> when it existed.</returns>
    /// <exception cref="ChunkNodeException">
    /// The node failed, or refused because the database is older than the one that it has seen: <see cref="ChunkNodeError.Unreachable"/>.
    /// </exception>
    public async Task<bool> MoveToTrashAsync(
        ChunkId chunk, bool isUnknown, HeartbeatMark decidedAt, CancellationToken cancellationToken)
    {
        var request = new TrashChunkRequest
        {
            ChunkId = chunk.ToByteString(),
            Reason = isUnknown ? TrashedReason.Unknown : TrashedReason.Removed,
            DecidedEpoch = decidedAt.Epoch,
            DecidedCount = decidedAt.Count,
        };
        return (await CallAsync(ChunkStoreMethods.TrashChunk, request, _options.IdleTimeout, cancellationToken)).GetOrThrow().Existed;
    }

    /// <summary>Lists the node's trash from the oldest file on.</summary>
    /// <param name="after">The last name of the previous page; null for the first.</param>
    /// <param name="limit">The most files, 1 to 10,000.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async IAsyncEnumerable<TrashedChunk> ListTrashAsync(
        string? after, int limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var guard = Guard(cancellationToken);
        using var call = _invoker.AsyncServerStreamingCall(
            ChunkStoreMethods.TrashList,
            null,
            new CallOptions(cancellationToken: guard.Token),
            new TrashListRequest { After = after ?? "", Limit = limit });
        while ((await guard.TryAsync(call.ResponseStream.MoveNext)).GetOrThrow())
        {
            var entry = call.ResponseStream.Current;
            yield return entry.ChunkId.TryRead(out ChunkId chunk)
                ? new TrashedChunk(
                    entry.Name,
                    chunk,
                    entry.Size,
                    entry.Reason == TrashedReason.Unknown,
                    DateTimeOffset.FromUnixTimeSeconds(entry.TrashedAtUnixSeconds),
                    TimeSpan.FromSeconds(entry.RemainingSeconds))
                : throw new ChunkNodeException(ChunkNodeError.Corrupt, Address, "the description of a chunk has no valid id");
        }
    }

    /// <summary>Moves a file of the node's trash back among its chunks.</summary>
    /// <returns><see langword="false"/> when the node had the chunk already; the file then stays in the trash.</returns>
    /// <exception cref="ChunkNodeException">
    /// The file is not in the trash, its footer is damaged, or the node failed.
    /// </exception>
    public async Task<bool> RestoreFromTrashAsync(string name, CancellationToken cancellationToken) =>
        !(await CallAsync(ChunkStoreMethods.RestoreChunk, new RestoreChunkRequest { Name = name }, _options.IdleTimeout, cancellationToken))
            .GetOrThrow().AlreadyThere;

    /// <summary>Deletes files in the node's trash.</summary>
    /// <param name="leastAge">The least time that a file has been there; zero for all.</param>
    /// <param name="cancellationToken">Ends the call; files deleted until then are gone.</param>
    /// <returns>The number and bytes of the deleted files.</returns>
    /// <exception cref="ChunkNodeException">
    /// The node failed, or refused because its database may be the wrong one: <see cref="ChunkNodeError.Unreachable"/>.
    /// </exception>
    public async Task<(long Chunks, long Bytes)> EmptyTrashAsync(TimeSpan leastAge, CancellationToken cancellationToken)
    {
        var request = new EmptyTrashRequest { LeastAgeSeconds = (long)leastAge.TotalSeconds };
        var reply = await CallAsync(ChunkStoreMethods.EmptyTrash, request, _options.WholeChunkTimeout, cancellationToken);
        return (reply.GetOrThrow().Chunks, reply.GetOrThrow().Bytes);
    }
}
