using Microsoft.Win32.SafeHandles;

namespace MediaAspire.Storage.Chunks;

/// <summary>The space of one long chunk, reserved in steps while its bytes arrive.</summary>
/// <remarks>
/// A step is as long as what has arrived, within bounds. So a writer that announces a large chunk and sends little holds little, and a
/// chunk that does arrive is in few pieces on the disk. One thread at a time.
/// </remarks>
/// <param name="chunk">The file of the chunk, for which the file system reserves the steps too.</param>
/// <param name="space">The reservation of the chunk; its owner disposes it.</param>
/// <param name="size">The announced size in bytes.</param>
internal sealed class SpaceSteps(SafeFileHandle chunk, ChunkSpace.Reservation space, long size)
{
    /// <summary>The shortest step in bytes.</summary>
    public const long MinBytes = 1024 * 1024;

    /// <summary>The longest step in bytes.</summary>
    public const long MaxBytes = 16 * 1024 * 1024;

    private long _end;

    /// <summary>Computes the size of a chunk's file: its bytes and the footer.</summary>
    public static long FileBytes(long chunkBytes) => chunkBytes + ChunkFooter.BytesFor(chunkBytes);

    /// <summary>Reserves space for the first bytes of the chunk.</summary>
    /// <exception cref="ChunkStoreException">The space is not sufficient.</exception>
    public void Begin() => Extend(Math.Min(size, MinBytes));

    /// <summary>Reserves space for the bytes up to <paramref name="end"/>, and the part of the footer that describes them.</summary>
    /// <param name="end">A position within the announced size.</param>
    /// <exception cref="ChunkStoreException">The space is not sufficient.</exception>
    public void Reserve(long end)
    {
        if (end > _end)
        {
            Extend(Math.Min(size, end + Math.Clamp(end, MinBytes, MaxBytes)));
        }
    }

    private void Extend(long end)
    {
        var reserved = _end == 0 ? 0 : FileBytes(_end);
        var more = FileBytes(end) - reserved;
        space.Add(more);
        if (!StableStorage.TryReserve(chunk, reserved, more))
        {
            throw new ChunkStoreException(
                ChunkStoreError.NoSpace, $"The disk does not have space for the next {more} bytes of a chunk of {size} bytes.");
        }

        space.MarkAllocated();
        _end = end;
    }
}
