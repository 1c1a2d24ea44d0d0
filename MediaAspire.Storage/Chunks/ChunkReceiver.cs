using System.Diagnostics;
using Grpc.Core;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Chunks.Protos;
using MediaAspire.Core.Ids;

namespace MediaAspire.Storage.Chunks;

/// <summary>A receiver of PutChunk streams over any transport: `open`, any number of `blocks`, `seal`.</summary>
internal sealed class ChunkReceiver(ChunkStore store)
{
    private static readonly ActivitySource s_source = new("MediaAspire.Storage");

    /// <summary>Receives one chunk.</summary>
    /// <param name="parts">The parts of the stream.</param>
    /// <param name="accept">Tells the writer that the chunk is accepted. The writer waits for this before it sends the bytes.</param>
    /// <param name="cancellationToken">Ends the call; nothing is kept.</param>
    /// <returns>The chunk on stable storage.</returns>
    /// <exception cref="ChunkStoreException">The stream is invalid or ends early, or the store refuses the chunk.</exception>
    public async Task<PutChunkReply> ReceiveAsync(
        IAsyncStreamReader<PutChunkPart> parts, Func<Task> accept, CancellationToken cancellationToken)
    {
        var open = await ReadOpenAsync(parts, cancellationToken);
        using var activity = open.TraceParent.Length > 0 ? s_source.StartActivity("PutChunk", ActivityKind.Server, open.TraceParent) : null;
        using var write = Begin(open);
        if (!open.Whole)
        {
            await accept();
        }

        var seal = await WriteAsync(parts, write, cancellationToken);
        return new PutChunkReply { Size = seal.Size, Sha256 = seal.Sha256 };
    }

    private static async Task<PutChunkOpen> ReadOpenAsync(IAsyncStreamReader<PutChunkPart> parts, CancellationToken cancellationToken) =>
        await parts.MoveNext(cancellationToken) && TakeOpen(parts.Current) is { } open
            ? open
            : throw Invalid("The stream does not start with `open`.");

    private ChunkWrite Begin(PutChunkOpen open) =>
        open.ChunkId.TryRead(out ChunkId chunk) && open.FileId.TryRead(out FileId file) && open.ExpectedSize >= 0
            ? store.Begin(chunk, file, open.HasExpectedSize ? open.ExpectedSize : null)
            : throw Invalid("`open` must have two ids of 16 bytes, and no negative size.");

    private static async Task<PutChunkSeal> WriteAsync(
        IAsyncStreamReader<PutChunkPart> parts, ChunkWrite write, CancellationToken cancellationToken)
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
        seal.Sha256.Length == 32 ? new Sha256Digest(seal.Sha256.Span) : throw Invalid("`seal` must have a SHA-256 of 32 bytes.");

    private static ChunkStoreException Invalid(string message) => new(ChunkStoreError.Invalid, message);
}
