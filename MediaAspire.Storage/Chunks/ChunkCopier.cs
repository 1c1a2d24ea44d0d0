using System.Security.Cryptography;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Ids;

namespace MediaAspire.Storage.Chunks;

/// <summary>Fetches chunks from other nodes, for repair and rebalancing.</summary>
public sealed class ChunkCopier(ChunkStore store, ChunkVerifier verifier, ChunkNodeClients nodes, TimeProvider time)
{
    /// <summary>Fetches a chunk and seals it here, with the checksums that it was written with.</summary>
    /// <remarks>
    /// Idempotent: a chunk that is here already is read back, and left alone if it is whole. One that is damaged stays until the new one
    /// is on stable storage and takes its name, because its blocks may be the last ones if the source fails.
    /// </remarks>
    /// <param name="chunk">The chunk.</param>
    /// <param name="source">The node that has it.</param>
    /// <param name="maxBytesPerSecond">Most bytes a second; 0 for no limit.</param>
    /// <param name="cancellationToken">Gives up, and leaves nothing.</param>
    /// <exception cref="ChunkNodeException">The source failed.</exception>
    /// <exception cref="ChunkStoreException">The source does not have the chunk, or this store refuses it.</exception>
    public async Task<ChunkInfo> CopyAsync(ChunkId chunk, Uri source, long maxBytesPerSecond, CancellationToken cancellationToken)
    {
        var node = nodes.Get(source);
        var info = await node.StatAsync(chunk, cancellationToken)
            ?? throw new ChunkStoreException(ChunkStoreError.NotFound, $"Chunk {chunk} is not on {source}.");

        var here = await VerifyAsync(chunk, cancellationToken);
        if (here is { IsIntact: true })
        {
            var existing = await store.StatAsync(chunk, cancellationToken);
            return existing.Size == info.Size && existing.Sha256.Span.SequenceEqual(info.Sha256.Span)
                ? existing
                : throw new ChunkStoreException(ChunkStoreError.AlreadyExists, $"Chunk {chunk} is here with other bytes.");
        }

        using var write = store.Begin(chunk, info.File, info.Size);
        var sha256 = await PullAsync(node, info, write, maxBytesPerSecond, cancellationToken);
        if (!sha256.Bytes.Span.SequenceEqual(info.Sha256.Span))
        {
            throw new ChunkStoreException(ChunkStoreError.Corrupt, $"Every block of chunk {chunk} on {source} is intact, but the SHA-256 is another.");
        }

        await write.SealAsync(info.Size, sha256, replacesDamaged: here is not null, cancellationToken);
        return info;
    }

    private async Task<Sha256Digest> PullAsync(
        ChunkNodeClient node, ChunkInfo info, ChunkWrite write, long maxBytesPerSecond, CancellationToken cancellationToken)
    {
        var pacer = maxBytesPerSecond > 0 ? new Pacer(maxBytesPerSecond, time) : null;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (info.Size > 0)
        {
            await foreach (var run in node.GetAsync(info.Chunk, 0, info.Size, cancellationToken))
            {
                using (run)
                {
                    // The source waits too: what is not taken from the stream here keeps its window shut.
                    if (pacer is not null)
                    {
                        await pacer.WaitAsync(run.Length, cancellationToken);
                    }

                    hash.AppendData(run.Data.Span);
                    await write.AppendAsync(run, cancellationToken);
                }
            }
        }

        return Sha256Digest.TakeFrom(hash);
    }

    /// <summary>Reads back what is here; null when nothing is.</summary>
    private async Task<ChunkVerification?> VerifyAsync(ChunkId chunk, CancellationToken cancellationToken)
    {
        try
        {
            return await verifier.VerifyAsync(chunk, maxBytesPerSecond: 0, cancellationToken);
        }
        catch (ChunkStoreException exception) when (exception.Error == ChunkStoreError.NotFound)
        {
            return null;
        }
    }
}
