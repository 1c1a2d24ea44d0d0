using MediaAspire.Core.Chunks;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Files;

/// <summary>A reader of any range of a stored file, which verifies every block before it is sent.</summary>
/// <remarks>Safe for concurrent use. Memory per download is the transport's windows for two chunks, at any file size.</remarks>
public sealed class FileReader(ChunkReader chunks, FileMetrics metrics)
{
    // The number of bytes left of a chunk at which the next chunk's stream is opened, so that its first bytes arrive in time.
    private const long PrefetchDistance = 8 * 1024 * 1024;

    /// <summary>
    /// Opens a range for sending. The first bytes are read before this returns, so that a failure can still be reported to the client.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="offset">First byte wanted, from 0 to the file's size.</param>
    /// <param name="length">The number of bytes wanted, 0 or more.</param>
    /// <param name="cancellationToken">Ends this call and the sending.</param>
    /// <exception cref="FileUnavailableException">No copy of the first chunk can be read.</exception>
    public async Task<FileRange> OpenAsync(StoredFile file, long offset, long length, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + length, file.Size);

        var range = new FileRange(file.Id, Slices(file, offset, length), Open, PrefetchDistance, metrics);
        try
        {
            await range.PrimeAsync();
            return range;
        }
        catch
        {
            await range.DisposeAsync();
            throw;
        }

        IAsyncEnumerator<BlockRun> Open(ChunkSlice slice) => chunks
            .ReadAsync(slice.Chunk.Id, ReadableCopies(slice.Chunk), slice.Offset, slice.Length, cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
    }

    private static IEnumerable<ChunkSlice> Slices(StoredFile file, long offset, long length)
    {
        var end = offset + length;
        foreach (var chunk in file.Chunks)
        {
            var from = Math.Max(offset, chunk.Offset);
            var to = Math.Min(end, chunk.Offset + chunk.Size);
            if (from < to)
            {
                yield return new ChunkSlice(chunk, from - chunk.Offset, to - from);
            }
        }
    }

    private static List<ServerId> ReadableCopies(StoredChunk chunk) =>
        [.. chunk.Copies.Where(copy => copy.IsReadable).Select(copy => copy.Server)];
}
