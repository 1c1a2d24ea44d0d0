using MediaAspire.Core.Chunks;
using Microsoft.Win32.SafeHandles;

namespace MediaAspire.Storage.Chunks;

/// <summary>The file to which a chunk's bytes are written in order. Long chunks bypass the page cache.</summary>
/// <remarks>One thread at a time. Nothing is on stable storage before the file is flushed.</remarks>
internal sealed class ChunkOutput
{
    /// <summary>The maximum size of a chunk that arrives in one write, in bytes. Its space is not reserved in advance.</summary>
    /// <remarks>Such a chunk is likely to be read soon or often, so it is kept in the page cache.</remarks>
    public const long ShortBytes = BlockFormat.DefaultRunBytes;

    // Of offset, length and memory; sufficient for every common disk.
    private const int DirectAlignment = 4096;

    // Small enough for a short flush at the seal, large enough for long writes to the disk.
    private const long WriteBackBytes = 8 * 1024 * 1024;

    private readonly SafeFileHandle _handle;
    private readonly bool _isShort;
    private bool _isDirect;
    private long _writtenBack;

    /// <param name="handle">The file; its owner disposes it.</param>
    /// <param name="expectedSize">The size of the chunk in bytes; null when it is unknown.</param>
    public ChunkOutput(SafeFileHandle handle, long? expectedSize)
    {
        _handle = handle;
        _isShort = expectedSize <= ShortBytes;
        _isDirect = !_isShort && StableStorage.TrySetDirect(handle, true);
    }

    /// <summary>Writes the next bytes.</summary>
    /// <exception cref="IOException">The disk is full or failed.</exception>
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
            // The file system needs another alignment, or the disk became full within the write: the second attempt reports that.
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
