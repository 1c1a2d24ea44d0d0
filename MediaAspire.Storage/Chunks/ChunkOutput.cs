using MediaAspire.Core.Chunks;
using Microsoft.Win32.SafeHandles;

namespace MediaAspire.Storage.Chunks;

/// <summary>The file that a chunk's bytes go to, one after the other. Long chunks go past the page cache.</summary>
/// <remarks>One thread at a time. Nothing is on stable storage before the file is flushed.</remarks>
internal sealed class ChunkOutput
{
    /// <summary>Most bytes of a chunk that comes in one write; its room need not be reserved before.</summary>
    /// <remarks>Such a one is soon read back, or read again and again: it is worth its place in the page cache.</remarks>
    public const long ShortBytes = BlockFormat.DefaultRunBytes;

    // Of offset, length and memory; what every disk in use is content with.
    private const int DirectAlignment = 4096;

    // Frequent enough that the flush when sealing is short, rare enough that the disk sees long writes.
    private const long WriteBackBytes = 8 * 1024 * 1024;

    private readonly SafeFileHandle _handle;
    private readonly bool _isShort;
    private bool _isDirect;
    private long _writtenBack;

    /// <param name="handle">The file; its owner disposes it.</param>
    /// <param name="expectedSize">Bytes of the chunk, when they are known.</param>
    public ChunkOutput(SafeFileHandle handle, long? expectedSize)
    {
        _handle = handle;
        _isShort = expectedSize <= ShortBytes;
        _isDirect = !_isShort && StableStorage.TrySetDirect(handle, true);
    }

    /// <summary>Writes bytes that follow the last ones.</summary>
    /// <exception cref="IOException">The disk is full, or fails.</exception>
    public async Task WriteAsync(ReadOnlyMemory<byte> bytes, long offset, CancellationToken cancellationToken)
    {
        if (_isShort)
        {
            // A copy into the page cache takes less time than handing it to another thread.
            RandomAccess.Write(_handle, bytes.Span, offset);
            return;
        }

        if (_isDirect && bytes.Length % DirectAlignment != 0)
        {
            EndDirect();
        }

        try
        {
            await RandomAccess.WriteAsync(_handle, bytes, offset, cancellationToken);
        }
        catch (IOException exception) when (_isDirect && StableStorage.IsInvalidArgument(exception))
        {
            // The file system wants another alignment, or took only a part because it is full and now says so.
            EndDirect();
            await RandomAccess.WriteAsync(_handle, bytes, offset, cancellationToken);
        }

        WriteBack(offset + bytes.Length);
    }

    private void EndDirect()
    {
        StableStorage.TrySetDirect(_handle, false);
        _isDirect = false;
    }

    private void WriteBack(long end)
    {
        if (_isDirect)
        {
            _writtenBack = end;
        }
        else if (end - _writtenBack >= WriteBackBytes)
        {
            StableStorage.StartWriteBack(_handle, _writtenBack, end - _writtenBack);
            _writtenBack = end;
        }
    }
}
