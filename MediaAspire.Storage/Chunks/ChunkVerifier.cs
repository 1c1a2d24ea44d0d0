using System.Security.Cryptography;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Ids;

namespace MediaAspire.Storage.Chunks;

/// <summary>A verifier of whole chunks on disk against their footers.</summary>
public sealed class ChunkVerifier(ChunkStore store, TimeProvider time)
{
    /// <summary>Checks the footer, every block and the SHA-256.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="maxBytesPerSecond">The limit in bytes per second; 0 for none.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="ChunkStoreException">The chunk does not exist.</exception>
    public async Task<ChunkVerification> VerifyAsync(ChunkId chunk, long maxBytesPerSecond, CancellationToken cancellationToken)
    {
        try
        {
            using var file = await store.OpenUncachedAsync(chunk, cancellationToken);
            return await VerifyAsync(file, maxBytesPerSecond, cancellationToken);
        }
        catch (ChunkStoreException exception) when (exception.Error == ChunkStoreError.Corrupt)
        {
            return new ChunkVerification(IsIntact: false, [], exception.Message);
        }
    }

    private async Task<ChunkVerification> VerifyAsync(ChunkFile file, long maxBytesPerSecond, CancellationToken cancellationToken)
    {
        var size = file.Footer.Size;
        var badBlocks = new List<long>();
        var started = time.GetTimestamp();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        // Verify the bytes on the disk, not those in the page cache.
        file.EvictFromPageCache(0, size);
        for (long at = 0; at < size;)
        {
            using var run = await file.ReadAsync(at, (int)Math.Min(BlockFormat.DefaultRunBytes, size - at), cancellationToken);
            badBlocks.AddRange(run.FindBadBlocks());
            hash.AppendData(run.Data.Span);
            file.EvictFromPageCache(at, run.Length);
            at += run.Length;
            await HoldBackAsync(at, maxBytesPerSecond, started, cancellationToken);
        }

        var isIntact = Sha256Digest.TakeFrom(hash).Bytes.Span.SequenceEqual(file.Footer.Info.Sha256.Span);
        var reason = badBlocks.Count > 0 ? $"{badBlocks.Count} blocks are damaged."
            : !isIntact ? "Every block is intact, but the SHA-256 differs."
            : "";
        return new ChunkVerification(reason.Length == 0, badBlocks, reason);
    }

    private Task HoldBackAsync(long bytes, long maxBytesPerSecond, long started, CancellationToken cancellationToken)
    {
        if (maxBytesPerSecond <= 0)
        {
            return Task.CompletedTask;
        }

        var ahead = TimeSpan.FromSeconds((double)bytes / maxBytesPerSecond) - time.GetElapsedTime(started);
        return ahead > TimeSpan.Zero ? Task.Delay(ahead, time, cancellationToken) : Task.CompletedTask;
    }
}
