using MediaAspire.Core.Chunks;
using MediaAspire.Core.Ids;

namespace MediaAspire.Storage.Chunks;

/// <summary>Fetches chunks from other nodes, for repair and rebalancing.</summary>
public sealed class ChunkCopier(ChunkStore store, ChunkNodeClients nodes)
{
    /// <summary>Fetches a chunk and seals it here, with the checksums that it was written with. Idempotent.</summary>
    /// <exception cref="ChunkNodeException">The source failed.</exception>
    /// <exception cref="ChunkStoreException">The source does not have the chunk, or this store refuses it.</exception>
    public async Task<ChunkInfo> CopyAsync(ChunkId chunk, Uri source, CancellationToken cancellationToken)
    {
        var node = nodes.Get(source);
        var info = await node.StatAsync(chunk, cancellationToken)
            ?? throw new ChunkStoreException(ChunkStoreError.NotFound, $"Chunk {chunk} is not on {source}.");

        using var write = store.Begin(chunk, info.File, info.Size);
        if (info.Size > 0)
        {
            await foreach (var run in node.GetAsync(chunk, 0, info.Size, cancellationToken))
            {
                using (run)
                {
                    await write.AppendAsync(run, cancellationToken);
                }
            }
        }

        await write.SealAsync(info.Size, new Sha256Digest(info.Sha256.Span), cancellationToken);
        return info;
    }
}
