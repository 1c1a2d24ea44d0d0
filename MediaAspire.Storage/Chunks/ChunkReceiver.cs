using Grpc.Core;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Chunks.Protos;
using MediaAspire.Core.Ids;

namespace MediaAspire.Storage.Chunks;

/// <summary>Turns a PutChunk stream into a sealed chunk: `open`, any number of `blocks`, `seal`.</summary>
internal sealed class ChunkReceiver(ChunkStore store, IAsyncStreamReader<PutChunkPart> parts)
{
    /// <summary>Reads the opening of the stream. The caller disposes the write.</summary>
    /// <exception cref="ChunkStoreException">The stream starts with something else, or the store refuses.</exception>
    public async Task<ChunkWrite> OpenAsync(CancellationToken cancellationToken)
    {
        if (!await parts.MoveNext(cancellationToken) || TakeOpen(parts.Current) is not { } open)
        {
            throw Invalid("The stream does not start with `open`.");
        }

        if (!open.ChunkId.TryRead(out ChunkId chunk) || !open.FileId.TryRead(out FileId file) || open.ExpectedSize < 0)
        {
            throw Invalid("`open` needs two ids of 16 bytes, and no negative size.");
        }

        return store.Begin(chunk, file, open.HasExpectedSize ? open.ExpectedSize : null);
    }

    /// <summary>Writes runs until the stream seals the chunk.</summary>
    /// <exception cref="ChunkStoreException">The stream breaks its rules or ends early, or the store refuses.</exception>
    public async Task<PutChunkSeal> ReceiveAsync(ChunkWrite write, CancellationToken cancellationToken)
    {
        while (await parts.MoveNext(cancellationToken))
        {
            var part = parts.Current;
            if (part.Blocks is { } run)
            {
                using (run)
                {
                    await write.AppendAsync(run, cancellationToken);
                }
            }
            else
            {
                var seal = part.Seal ?? throw Invalid("The stream holds a second `open`.");
                await write.SealAsync(seal.Size, DigestOf(seal), cancellationToken);
                return seal;
            }
        }

        throw Invalid($"The stream ended after {write.Length} bytes without `seal`; nothing is kept.");
    }

    private static PutChunkOpen? TakeOpen(PutChunkPart part)
    {
        part.Blocks?.Dispose();
        return part.Open;
    }

    private static Sha256Digest DigestOf(PutChunkSeal seal) =>
        seal.Sha256.Length == 32 ? new Sha256Digest(seal.Sha256.Span) : throw Invalid("`seal` needs a SHA-256 of 32 bytes.");

    private static ChunkStoreException Invalid(string message) => new(ChunkStoreError.Invalid, message);
}
