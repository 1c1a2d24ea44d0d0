using System.Security.Cryptography;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Ids;

namespace MediaAspire.Storage.Chunks;

/// <summary>A copier of chunks from other nodes, for repair and rebalancing.</summary>
public sealed class ChunkCopier(ChunkStore store, ChunkVerifier verifier, ICopySources sources, ChunkNodeClients nodes, TimeProvider time)
{
    /// <summary>Fetches a chunk and seals it here, with its original checksums.</summary>
    /// <remarks>
    /// Idempotent: an existing chunk is read back, and kept if it is intact. A damaged one stays until the new one is on stable storage and
    /// takes its name, because its blocks may be the last ones if the source fails.
    /// </remarks>
    /// <param name="chunk">The chunk.</param>
    /// <param name="source">The server that has it.</param>
    /// <param name="maxBytesPerSecond">The limit in bytes per second; 0 for none.</param>
    /// <param name="cancellationToken">Ends the copying, which then leaves nothing.</param>
    /// <exception cref="ChunkNodeException">The source failed.</exception>
    /// <exception cref="ChunkStoreException">
    /// The cluster does not have the source, the source does not have the chunk, or this store refuses it.
    /// </exception>
    public async Task<ChunkInfo> CopyAsync(ChunkId chunk, ServerId source, long maxBytesPerSecond, CancellationToken cancellationToken)
    {
        var node = nodes.Get(await sources.FindAsync(source, cancellationToken));
        var info = await node.StatAsync(chunk, cancellationToken)
            ?? throw new ChunkStoreException(ChunkStoreError.NotFound, $"Server {source} does not have chunk {chunk}.");

        var here = await VerifyAsync(chunk, cancellationToken);
        if (here is { IsIntact: true })
        {
            var existing = await store.StatAsync(chunk, cancellationToken);
            return existing.Size == info.Size && existing.Sha256.Span.SequenceEqual(info.Sha256.Span)
                ? existing
                : throw new ChunkStoreException(ChunkStoreError.AlreadyExists, $"Chunk {chunk} already exists with other bytes.");
        }

        using var write = store.Begin(chunk, info.File, info.Size);
        var sha256 = await PullAsync(node, info, write, maxBytesPerSecond, cancellationToken);
        if (!sha256.Bytes.Span.SequenceEqual(info.Sha256.Span))
        {
            throw new ChunkStoreException(
                ChunkStoreError.Corrupt, $"Every block of chunk {chunk} on {source} is intact, but its SHA-256 differs.");
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
                    // The source waits too: unread bytes keep the window of the stream closed.
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

    /// <summary>Verifies the local copy; null when it does not exist.</summary>
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
