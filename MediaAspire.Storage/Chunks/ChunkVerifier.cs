using System.Security.Cryptography;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Ids;

namespace MediaAspire.Storage.Chunks;

/// <summary>Reads whole chunks back from disk and checks everything that the footer says of them.</summary>
public sealed class ChunkVerifier(ChunkStore store)
{
    /// <summary>Checks the footer, every block and the SHA-256.</summary>
    /// <exception cref="ChunkStoreException">The chunk is not here.</exception>
    public async Task<ChunkVerification> VerifyAsync(ChunkId chunk, CancellationToken cancellationToken)
    {
        try
        {
            using var file = await store.OpenUncachedAsync(chunk, cancellationToken);
            return await VerifyAsync(file, cancellationToken);
        }
        catch (ChunkStoreException exception) when (exception.Error == ChunkStoreError.Corrupt)
        {
            return new ChunkVerification(IsIntact: false, [], exception.Message);
        }
    }

    private static async Task<ChunkVerification> VerifyAsync(ChunkFile file, CancellationToken cancellationToken)
    {
        var size = file.Footer.Size;
        var badBlocks = new List<long>();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (long at = 0; at < size;)
        {
            using var run = await file.ReadAsync(at, (int)Math.Min(BlockFormat.DefaultRunBytes, size - at), cancellationToken);
            badBlocks.AddRange(run.FindBadBlocks());
            hash.AppendData(run.Data.Span);
            at += run.Length;
        }

        var reason = badBlocks.Count > 0 ? $"{badBlocks.Count} blocks are damaged."
            : !Sha256Digest.TakeFrom(hash).Bytes.Span.SequenceEqual(file.Footer.Info.Sha256.Span) ? "Every block is intact, but the SHA-256 is another."
            : "";
        return new ChunkVerification(reason.Length == 0, badBlocks, reason);
    }
}
