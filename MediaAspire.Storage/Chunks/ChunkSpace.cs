namespace MediaAspire.Storage.Chunks;

/// <summary>The space that the node has for chunks: the disk without its reserve, within the quota if there is one.</summary>
/// <remarks>
/// Thread-safe. Bytes are reserved before they are written, so that concurrent writes cannot together exceed either limit.
/// </remarks>
/// <param name="directory">The data directory.</param>
/// <param name="options">The limits.</param>
/// <param name="usedBytes">Gets the bytes of all chunk files, with those in the trash.</param>
/// <param name="reclaimableBytes">Gets the bytes of the trash that writes may use.</param>
/// <param name="reclaim">Deletes at least so many bytes of the trash, or all of it.</param>
internal sealed class ChunkSpace(
    string directory, StorageOptions options, Func<long> usedBytes, Func<long> reclaimableBytes, Action<long> reclaim)
{
    private const int MostReclaims = 3;

    private readonly Lock _lock = new();

    // Reserved for unsealed chunks. A chunk that is being sealed counts as used before its reservation is released here: for a moment
    // twice, but always at least once.
    private long _taken;

    // The part of them that the file system does not count as used yet.
    private long _unallocated;

    /// <summary>Gets the bytes that can still be reserved, with those that the trash yields; never negative.</summary>
    public long AvailableBytes
    {
        get
        {
            lock (_lock)
            {
                return Math.Max(0, Left() + reclaimableBytes());
            }
        }
    }

    /// <summary>Refuses a chunk that does not fit as things are now, before its writer sends it. Reserves nothing.</summary>
    /// <exception cref="ChunkStoreException">The space is not sufficient.</exception>
    public void Expect(long bytes)
    {
        var left = AvailableBytes;
        if (left < bytes)
        {
            throw new ChunkStoreException(ChunkStoreError.NoSpace, Refusal(left, bytes));
        }
    }

    /// <summary>Starts a reservation for one chunk.</summary>
    /// <exception cref="ChunkStoreException">The space is not sufficient.</exception>
    public Reservation Take(long bytes)
    {
        Add(bytes);
        return new Reservation(this, bytes);
    }

    private void Add(long bytes)
    {
        long left;
        var tries = 0;
        while (!TryAdd(bytes, out left))
        {
            // Again, because another write may have taken the space; not for ever, because a file system may count deleted files as used
            // for a while, and the rest of the trash must not go for that.
            if (tries == MostReclaims)
            {
                throw new ChunkStoreException(ChunkStoreError.NoSpace, Refusal(Math.Max(0, left), bytes));
            }

            reclaim(Math.Max(1, bytes - left));
            tries++;
        }
    }

    private bool TryAdd(long bytes, out long left)
    {
        lock (_lock)
        {
            left = Left();
            if (left <= 0 || left < bytes)
            {
                return false;
            }

            _taken += bytes;
            _unallocated += bytes;
            return true;
        }
    }

    private void Allocated(long bytes)
    {
        lock (_lock)
        {
            _unallocated -= bytes;
        }
    }

    private void Release(long bytes, long unallocated)
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
        ? $"{left} bytes are left above the reserve of {options.ReserveSpaceBytes} and below the capacity of {capacity}; "
            + $"{wanted} more are needed."
        : $"{left} bytes are left above the reserve of {options.ReserveSpaceBytes}; {wanted} more are needed.";

    /// <summary>The bytes reserved for one chunk. Disposing it releases them: by then they count as used, or were never written.</summary>
    /// <remarks>One thread at a time.</remarks>
    internal sealed class Reservation(ChunkSpace space, long bytes) : IDisposable
    {
        private long _bytes = bytes;
        private long _unallocated = bytes;

        /// <summary>Reserves more.</summary>
        /// <exception cref="ChunkStoreException">The space is not sufficient.</exception>
        public void Add(long more)
        {
            space.Add(more);
            _bytes += more;
            _unallocated += more;
        }

        /// <summary>Notes that the file system counts all bytes reserved so far as used.</summary>
        public void MarkAllocated()
        {
            space.Allocated(_unallocated);
            _unallocated = 0;
        }

        public void Dispose()
        {
            space.Release(_bytes, _unallocated);
            _bytes = _unallocated = 0;
        }
    }
}
