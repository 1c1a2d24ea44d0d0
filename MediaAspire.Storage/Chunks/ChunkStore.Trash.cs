using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;

namespace MediaAspire.Storage.Chunks;

/// <content>The trash: what sweeps take is kept for a while.</content>
public sealed partial class ChunkStore
{
    /// <summary>Gets the size of the files in the trash in bytes.</summary>
    public long TrashBytes => _trash.Bytes;

    /// <summary>Gets the number of files in the trash.</summary>
    public long TrashCount => _trash.Count;

    /// <summary>
    /// Moves a chunk to the trash on behalf of a sweep, and makes its unfinished writes fail. Idempotent. Reads in progress finish.
    /// Without a retention, the chunk is deleted at once.
    /// </summary>
    /// <remarks>
    /// Returns when the move is on stable storage. After a crash before that, the file is at one of its two places, whole.
    /// </remarks>
    /// <param name="chunk">The chunk.</param>
    /// <param name="reason">The reason, which the trash keeps.</param>
    /// <param name="decidedAt">The mark that the sweep's database had for this node when the sweep chose the chunk.</param>
    /// <returns><see langword="true"/> when it existed.</returns>
    /// <exception cref="ChunkStoreException">The sweep's database is older than the one that this node has seen.</exception>
    public bool MoveToTrash(ChunkId chunk, TrashReason reason, HeartbeatMark decidedAt)
    {
        if (_options.TrashRetention == TimeSpan.Zero)
        {
            _fence.Check(decidedAt);
            return Delete(chunk);
        }

        var file = new FileInfo(_directory.PathOf(chunk));
        string target;
        lock (_nameLock)
        {
            _fence.Check(decidedAt);
            Revoke(chunk);
            if (!file.Exists)
            {
                return false;
            }

            var length = file.Length;
            target = _trash.Add(chunk, file, reason);
            _count--;
            _bytes -= length;
        }

        _cache.Remove(chunk);
        _metrics.CountTrashed();

        // The new name before the old one's end: a file system without a journal must not lose both.
        StableStorage.FlushDirectory(target);
        StableStorage.FlushDirectory(Path.GetDirectoryName(_directory.PathOf(chunk))!);
        return true;
    }

    /// <summary>Lists the trash from the oldest file on.</summary>
    public IReadOnlyList<TrashEntry> ListTrash(TrashName? after, int limit) => _trash.List(after, limit);

    /// <summary>Gets the time after which the trash's clock lets a file of some age be deleted; never negative.</summary>
    public TimeSpan RemainingOf(TrashEntry entry) =>
        entry.Age < _options.TrashRetention ? _options.TrashRetention - entry.Age : TimeSpan.Zero;

    /// <summary>Moves a file of the trash back among the chunks, after checking its footer. It counts as written now.</summary>
    /// <remarks>Returns when that is on stable storage. A write of the same chunk that is under way finds it when it is sealed.</remarks>
    /// <exception cref="ChunkStoreException">The file is not in the trash, or its footer is damaged; it stays there.</exception>
    public async Task<TrashRestoration> RestoreAsync(TrashName name, CancellationToken cancellationToken)
    {
        var path = _trash.PathOf(name);
        using (await ChunkFile.OpenAsync(name.Chunk, path, cancellationToken))
        {
            // Its footer is whole, and that of this chunk.
        }

        _directory.EnsureShard(name.Chunk);
        var final = _directory.PathOf(name.Chunk);
        lock (_nameLock)
        {
            if (File.Exists(final))
            {
                return TrashRestoration.AlreadyThere;
            }

            if (_trash.Take(name, final) is not { } length)
            {
                throw new ChunkStoreException(ChunkStoreError.NotFound, $"'{name}' is not in the trash.");
            }

            _count++;
            _bytes += length;
        }

        StableStorage.FlushDirectory(Path.GetDirectoryName(final)!);
        StableStorage.FlushDirectory(Path.GetDirectoryName(path)!);
        LogRestored(name.Chunk);
        return TrashRestoration.Restored;
    }

    /// <summary>Deletes files that have been in the trash for an age.</summary>
    /// <returns>Their number and bytes.</returns>
    /// <exception cref="ChunkStoreException">The database may be the wrong one, so the trash may hold the last copies.</exception>
    public (long Files, long Bytes) EmptyTrash(TimeSpan age, CancellationToken cancellationToken)
    {
        if (!_fence.IsSettled)
        {
            throw new ChunkStoreException(
                ChunkStoreError.Fenced,
                "The trash is not emptied: the node is not registered, or a restore of the database is open. "
                + "GET /admin/cluster explains it.");
        }

        return DeleteOlder(age, cancellationToken);
    }

    /// <summary>Lets the trash age, deletes what has been there for its retention, and saves its clock.</summary>
    /// <returns>The number and bytes of the deleted files.</returns>
    internal (long Files, long Bytes) AgeTrash(CancellationToken cancellationToken)
    {
        var isSettled = _fence.IsSettled;
        _trash.Clock.SetStopped(!isSettled);
        var deleted = DeleteOlder(_options.TrashRetention, cancellationToken);
        SaveTrashClock();
        return deleted;
    }

    /// <summary>Saves the trash's clock, so that the next process continues it.</summary>
    internal void SaveTrashClock()
    {
        if (_trash.Count > 0)
        {
            _trash.SaveClock();
        }
    }

    private (long Files, long Bytes) DeleteOlder(TimeSpan age, CancellationToken cancellationToken)
    {
        var deleted = _trash.DeleteOlder(age, () => _fence.IsSettled, cancellationToken);
        _metrics.CountEmptied(deleted.Files);
        return deleted;
    }

    /// <summary>Gets the bytes of the trash that a write may use.</summary>
    private long ReclaimableBytes() => _options.TrashYields && _fence.IsSettled ? _trash.Bytes : 0;

    /// <summary>Deletes the oldest files of the trash in favour of a write.</summary>
    private void Reclaim(long bytes)
    {
        if (ReclaimableBytes() == 0)
        {
            return;
        }

        var deleted = _trash.DeleteOldest(bytes);
        if (deleted.Files > 0)
        {
            _metrics.CountEmptied(deleted.Files);
            LogReclaimed(deleted.Files, deleted.Bytes);
        }
    }

    // Under the lock of the names.
    private void Revoke(ChunkId chunk)
    {
        foreach (var write in _writes)
        {
            write.IsRevoked |= write.Chunk == chunk;
        }
    }

    [LoggerMessage(LogLevel.Debug, "Restored chunk {Chunk} from the trash")]
    private partial void LogRestored(ChunkId chunk);

    [LoggerMessage(LogLevel.Debug, "Deleted the oldest {Files} files of the trash, {Bytes} bytes, because space is short")]
    private partial void LogReclaimed(long files, long bytes);
}
