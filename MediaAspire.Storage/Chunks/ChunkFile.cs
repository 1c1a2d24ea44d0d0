using MediaAspire.Core.Chunks;
using MediaAspire.Core.Ids;
using Microsoft.Win32.SafeHandles;

namespace MediaAspire.Storage.Chunks;

/// <summary>A sealed chunk, open for reading. Shared; each holder disposes its own reference.</summary>
internal sealed class ChunkFile : IDisposable
{
    // Holds the footer of every chunk up to 31 MiB.
    private const int TailBytes = 4096;

    private readonly SafeFileHandle _handle;
    private int _references = 1;

    private ChunkFile(SafeFileHandle handle, ChunkFooter footer)
    {
        _handle = handle;
        Footer = footer;
    }

    public ChunkFooter Footer { get; }

    /// <summary>Opens a chunk file and checks its footer.</summary>
    /// <exception cref="ChunkStoreException">The file does not exist, or its footer is missing or damaged.</exception>
    public static async Task<ChunkFile> OpenAsync(ChunkId chunk, string path, CancellationToken cancellationToken)
    {
        SafeFileHandle handle;
        try
        {
            handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ChunkStoreException(ChunkStoreError.NotFound, $"Chunk {chunk} does not exist on this node.", exception);
        }

        try
        {
            var footer = await ReadFooterAsync(handle, cancellationToken);
            return footer is not null && footer.Info.Chunk == chunk
                ? new ChunkFile(handle, footer)
                : throw new ChunkStoreException(ChunkStoreError.Corrupt, $"The footer of chunk {chunk} is missing or damaged.");
        }
        catch (Exception)
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Makes another reference; false when the last one has been disposed.</summary>
    public bool TryRetain()
    {
        var references = Volatile.Read(ref _references);
        while (references > 0)
        {
            var seen = Interlocked.CompareExchange(ref _references, references + 1, references);
            if (seen == references)
            {
                return true;
            }

            references = seen;
        }

        return false;
    }

    public void Dispose()
    {
        if (Interlocked.Decrement(ref _references) == 0)
        {
            _handle.Dispose();
        }
    }

    /// <summary>Reads whole blocks with their stored checksums, without comparing them.</summary>
    /// <param name="offset">The first block's start.</param>
    /// <param name="bytes">Bytes up to the end of a block or of the chunk, at most <see cref="BlockFormat.MaxRunBytes"/>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="ChunkStoreException">The file is shorter than its footer says, or the disk fails to read it.</exception>
    public async ValueTask<BlockRun> ReadAsync(long offset, int bytes, CancellationToken cancellationToken)
    {
        var run = BlockRun.Rent(offset, bytes);
        try
        {
            while (run.Length < bytes)
            {
                var read = await RandomAccess.ReadAsync(_handle, run.Unused, offset + run.Length, cancellationToken);
                if (read == 0)
                {
                    throw new ChunkStoreException(
                        ChunkStoreError.Corrupt,
                        $"The file of chunk {Footer.Info.Chunk} ends at {offset + run.Length}, before its footer.");
                }

                run.Advance(read);
            }

            run.Complete(Footer.Checksums.Slice((int)(offset / BlockFormat.BlockSize), BlockFormat.CountBlocks(bytes)));
            return run;
        }
        catch (IOException exception)
        {
            run.Dispose();
            throw new ChunkStoreException(
                ChunkStoreError.Corrupt,
                $"The disk failed to read chunk {Footer.Info.Chunk} at {offset + run.Length}: {exception.Message}",
                exception);
        }
        catch (Exception)
        {
            run.Dispose();
            throw;
        }
    }

    /// <summary>Advises the operating system to drop a range from its page cache. A hint.</summary>
    public void EvictFromPageCache(long offset, long bytes) => StableStorage.EvictFromPageCache(_handle, offset, bytes);

    private static async Task<ChunkFooter?> ReadFooterAsync(SafeFileHandle handle, CancellationToken cancellationToken)
    {
        var fileBytes = RandomAccess.GetLength(handle);
        var tail = new byte[(int)Math.Min(fileBytes, TailBytes)];
        if (!await TryFillAsync(handle, tail, fileBytes - tail.Length, cancellationToken)
            || ChunkFooter.ReadLength(tail, fileBytes) is not { } length)
        {
            return null;
        }

        if (length <= tail.Length)
        {
            return ChunkFooter.Decode(tail.AsSpan(^length..));
        }

        var footer = new byte[length];
        return await TryFillAsync(handle, footer, fileBytes - length, cancellationToken) ? ChunkFooter.Decode(footer) : null;
    }

    private static async Task<bool> TryFillAsync(
        SafeFileHandle handle, Memory<byte> buffer, long offset, CancellationToken cancellationToken)
    {
        while (buffer.Length > 0)
        {
            var read = await RandomAccess.ReadAsync(handle, buffer, offset, cancellationToken);
            if (read == 0)
            {
                return false;
            }

            buffer = buffer[read..];
            offset += read;
        }

        return true;
    }
}
