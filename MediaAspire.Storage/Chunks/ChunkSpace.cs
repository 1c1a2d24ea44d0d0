namespace MediaAspire.Storage.Chunks;

/// <summary>How many more bytes of chunks the node may take: the disk above its reserve, and the quota when there is one.</summary>
/// <remarks>
/// Thread-safe. Bytes are taken before they are written, so that writes side by side cannot together go beyond either limit.
/// </remarks>
internal sealed class ChunkSpace(string directory, StorageOptions options, Func<long> usedBytes)
{
    private readonly Lock _lock = new();

    // Taken for chunks that are not sealed yet. A chunk that is being sealed counts as used before it is given back here: for a
    // moment twice, never not at all.
    private long _taken;

    // Those among them that the file system does not count as used yet.
    private long _unallocated;

    /// <summary>Bytes that can still be taken; never negative.</summary>
    public long AvailableBytes
    {
        get
        {
            lock (_lock)
            {
                return Math.Max(0, Left());
            }
        }
    }

    /// <summary>Starts to take bytes for one chunk.</summary>
    /// <exception cref="ChunkStoreException">There is no room at all, or not for so many.</exception>
    public Reservation Take(long bytes)
    {
        Add(bytes);
        return new Reservation(this, bytes);
    }

    private void Add(long bytes)
    {
        lock (_lock)
        {
            var left = Left();
            if (left <= 0 || left < bytes)
            {
                throw new ChunkStoreException(ChunkStoreError.NoSpace, Refusal(Math.Max(0, left), bytes));
            }

            _taken += bytes;
            _unallocated += bytes;
        }
    }

    private void Allocated(long bytes)
    {
        lock (_lock)
        {
            _unallocated -= bytes;
        }
    }

    private void GiveBack(long bytes, long unallocated)
    {
        lock (_lock)
        {
            _taken -= bytes;
            _unallocated -= unallocated;
        }
    }

    private long Left()
    {
        var disk = new DriveInfo(directory).AvailableFreeSpace - options.ReserveSpaceBytes - _unallocated;
        return options.CapacityBytes is { } capacity ? Math.Min(disk, capacity - usedBytes() - _taken) : disk;
    }

    private string Refusal(long left, long wanted) => options.CapacityBytes is { } capacity
        ? $"{left} bytes are left above the reserve of {options.ReserveSpaceBytes} and below the capacity of {capacity}; {wanted} more are wanted."
        : $"{left} bytes are left above the reserve of {options.ReserveSpaceBytes}; {wanted} more are wanted.";

    /// <summary>The bytes taken for one chunk. Disposing it gives them back: they count as used by then, or were never written.</summary>
    /// <remarks>One thread at a time.</remarks>
    internal sealed class Reservation(ChunkSpace space, long bytes) : IDisposable
    {
        private long _bytes = bytes;
        private long _unallocated = bytes;

        /// <summary>Takes more, for a chunk whose size is not known beforehand.</summary>
        /// <exception cref="ChunkStoreException">There is no room for them.</exception>
        public void Add(long more)
        {
            space.Add(more);
            _bytes += more;
            _unallocated += more;
        }

        /// <summary>Tells that the file system counts all bytes taken so far as used.</summary>
        public void MarkAllocated()
        {
            space.Allocated(_unallocated);
            _unallocated = 0;
        }

        public void Dispose()
        {
            space.GiveBack(_bytes, _unallocated);
            _bytes = _unallocated = 0;
        }
    }
}
