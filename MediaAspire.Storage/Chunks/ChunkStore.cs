using System.Runtime.CompilerServices;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Ids;
using MediaAspire.Storage.Volumes;
using Microsoft.Extensions.Options;
using Microsoft.Win32.SafeHandles;

namespace MediaAspire.Storage.Chunks;

/// <summary>The chunks on a node's disk. docs/formats/chunk.md describes their files.</summary>
/// <remarks>
/// Thread-safe. A chunk exists as soon as its file has its final name, and never changes after that. A crash at any point leaves either a
/// whole chunk or an unfinished file, which the next start deletes. The data directory must belong to this process alone.
/// </remarks>
public sealed partial class ChunkStore : IDisposable
{
    private readonly StorageOptions _options;
    private readonly ChunkDirectory _directory;
    private readonly TrashDirectory _trash;
    private readonly DeletionFence _fence;
    private readonly ChunkFileCache _cache;
    private readonly ChunkSpace _space;
    private readonly StorageMetrics _metrics;
    private readonly ILogger<ChunkStore> _logger;

    // Guards the names of chunk files, their count and size, and the unfinished writes.
    private readonly Lock _nameLock = new();
    private readonly HashSet<ChunkWrite> _writes = [];
    private long _count;
    private long _bytes;

    public ChunkStore(
        IOptions<StorageOptions> options, DeletionFence fence, StorageMetrics metrics, TimeProvider time, ILogger<ChunkStore> logger)
    {
        _options = options.Value;
        _fence = fence;
        _metrics = metrics;
        _logger = logger;
        _directory = new ChunkDirectory(Path.GetFullPath(options.Value.DataDirectory));
        _cache = new ChunkFileCache(options.Value.OpenChunks);
        _trash = new TrashDirectory(_directory.Root, time);
        _space = new ChunkSpace(_directory.Root, options.Value, () => UsedBytes, ReclaimableBytes, Reclaim);
    }

    /// <summary>Gets the number of sealed chunks on this node.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>Gets the size of their files and of those in the trash in bytes.</summary>
    public long UsedBytes => Interlocked.Read(ref _bytes) + _trash.Bytes;

    /// <summary>
    /// Gets the bytes that the store can still accept: the disk without its reserve, within the quota, less unfinished chunks. Includes the
    /// trash when it yields to writes.
    /// </summary>
    public long AvailableBytes => _space.AvailableBytes;

    /// <summary>
    /// Creates the directories, deletes unfinished files, and counts the chunks. Call it once, before every other method.
    /// </summary>
    public void Open()
    {
        var dropped = _directory.Prepare();
        _trash.Prepare();
        foreach (var (_, file) in _directory.Enumerate())
        {
            _count++;
            _bytes += file.Length;
        }

        _metrics.Observe(this);
        LogOpened(_directory.Root, _count, _bytes, TrashCount, TrashBytes, dropped);
    }

    /// <summary>
    /// Starts a chunk. Reserves the space of a short one, and the first step of a long one; see <see cref="SpaceSteps"/>.
    /// </summary>
    /// <exception cref="ChunkStoreException">The space is not sufficient.</exception>
    public ChunkWrite Begin(ChunkId chunk, FileId file, long? expectedSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(expectedSize ?? 0);
        var isLong = expectedSize > ChunkOutput.ShortBytes;
        if (isLong)
        {
            // The size alone first: the footer of a size that no disk has cannot be computed.
            _space.Expect(expectedSize!.Value);
            _space.Expect(SpaceSteps.FileBytes(expectedSize.Value));
        }

        var space = _space.Take(isLong || expectedSize is null ? 0 : SpaceSteps.FileBytes(expectedSize.Value));
        try
        {
            var handle = CreateFile(chunk, expectedSize, space, out var path, out var steps);
            var write = new ChunkWrite(this, chunk, file, expectedSize, handle, path, space, steps);
            lock (_nameLock)
            {
                _writes.Add(write);
            }

            return write;
        }
        catch
        {
            space.Dispose();
            throw;
        }
    }

    /// <summary>Reads the whole blocks that cover a range, each compared with its checksum.</summary>
    /// <returns>Runs that the consumer owns.</returns>
    /// <exception cref="ChunkStoreException">The chunk does not exist or is damaged, or the range is not within it.</exception>
    public async IAsyncEnumerable<BlockRun> ReadAsync(
        ChunkId chunk, long offset, long length, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var file = await OpenFileAsync(chunk, cancellationToken);
        var size = file.Footer.Size;
        if (offset < 0 || length < 0 || offset > size - length)
        {
            throw new ChunkStoreException(
                ChunkStoreError.OutOfRange, $"{length} bytes from {offset} are not within the {size} bytes of chunk {chunk}.");
        }

        var end = length == 0 ? offset : Math.Min(size, BlockFormat.BlockStart(offset + length - 1) + BlockFormat.BlockSize);
        for (var at = length == 0 ? end : BlockFormat.BlockStart(offset); at < end;)
        {
            var run = await file.ReadAsync(at, (int)Math.Min(BlockFormat.DefaultRunBytes, end - at), cancellationToken);
            if (run.FindBadBlock() is { } bad)
            {
                run.Dispose();
                if (bad > at && await ReadGoodAsync(file, at, (int)(bad - at), cancellationToken) is { } good)
                {
                    // A reader without a better copy needs every good block of this one.
                    yield return good;
                }

                throw Damaged(chunk, bad);
            }

            at += run.Length;
            _metrics.CountRead(run.Length);
            yield return run;
        }
    }

    /// <summary>Describes a chunk.</summary>
    /// <exception cref="ChunkStoreException">The chunk does not exist or is damaged.</exception>
    public async Task<ChunkInfo> StatAsync(ChunkId chunk, CancellationToken cancellationToken)
    {
        using var file = await OpenFileAsync(chunk, cancellationToken);
        return file.Footer.Info;
    }

    /// <summary>
    /// Deletes a chunk that no client was promised, and makes its unfinished writes fail. Idempotent. Reads in progress finish.
    /// </summary>
    /// <remarks>
    /// A writer that aborts an upload deletes its chunks while its own write may still be in progress here. Sweeps call
    /// <see cref="MoveToTrash"/> instead.
    /// </remarks>
    /// <returns><see langword="true"/> when it existed.</returns>
    public bool Delete(ChunkId chunk)
    {
        var file = new FileInfo(_directory.PathOf(chunk));
        lock (_nameLock)
        {
            Revoke(chunk);
            if (!file.Exists)
            {
                return false;
            }

            var length = file.Length;
            file.Delete();
            _count--;
            _bytes -= length;
        }

        _cache.Remove(chunk);
        _metrics.CountDeleted();
        StableStorage.FlushDirectory(file.DirectoryName!);
        return true;
    }

    /// <summary>Lists every chunk file, including those with a damaged footer, in no particular order.</summary>
    public async IAsyncEnumerable<ChunkEntry> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var (chunk, file) in _directory.Enumerate())
        {
            if (await DescribeAsync(chunk, file, cancellationToken) is { } entry)
            {
                yield return entry;
            }
        }
    }

    /// <summary>Gets the ids of at most <paramref name="most"/> chunk files. Reads directories only.</summary>
    internal IReadOnlyList<ChunkId> Sample(int most) => [.. _directory.Enumerate().Take(most).Select(file => file.Chunk)];

    public void Dispose() => _cache.Dispose();

    /// <summary>Removes a write that has succeeded or failed.</summary>
    internal void End(ChunkWrite write)
    {
        lock (_nameLock)
        {
            _writes.Remove(write);
        }
    }

    /// <summary>Gives a finished file its final name. Returns when both are on stable storage.</summary>
    internal async Task CommitAsync(
        ChunkWrite write, string path, SafeFileHandle handle, ChunkFooter footer, bool replacesDamaged, CancellationToken cancellationToken)
    {
        var info = footer.Info;
        cancellationToken.ThrowIfCancellationRequested();
        RandomAccess.FlushToDisk(handle);
        _directory.EnsureShard(info.Chunk);

        var final = _directory.PathOf(info.Chunk);
        bool isNew;
        lock (_nameLock)
        {
            if (write.IsRevoked)
            {
                throw new ChunkStoreException(ChunkStoreError.Invalid, $"Chunk {info.Chunk} was deleted while it was being written.");
            }

            var existing = new FileInfo(final);
            isNew = replacesDamaged || !existing.Exists;
            if (isNew)
            {
                _count -= existing.Exists ? 1 : 0;
                _bytes -= existing.Exists ? existing.Length : 0;

                // The lock covers the check and the move, so overwriting is safe. A move without overwriting would cost a link and an
                // unlink.
                File.Move(path, final, overwrite: true);
                _count++;
                _bytes += info.Size + footer.Bytes;
            }
        }

        if (replacesDamaged)
        {
            // The damaged file, which is still open, must not be read in place of the new one.
            _cache.Remove(info.Chunk);
        }

        // Also after another writer's move, whose own flush may not have ended.
        StableStorage.FlushDirectory(Path.GetDirectoryName(final)!);
        if (!isNew)
        {
            await AcceptExistingAsync(path, info, cancellationToken);
            return;
        }

        _metrics.CountWritten(info.Size);
    }

    /// <summary>Opens a chunk file for verification, bypassing the cache.</summary>
    internal Task<ChunkFile> OpenUncachedAsync(ChunkId chunk, CancellationToken cancellationToken) =>
        ChunkFile.OpenAsync(chunk, _directory.PathOf(chunk), cancellationToken);

    /// <summary>Accepts a chunk that already exists with the same bytes: its writer has lost the reply and sends it again.</summary>
    private async Task AcceptExistingAsync(string path, ChunkInfo offered, CancellationToken cancellationToken)
    {
        var existing = await StatAsync(offered.Chunk, cancellationToken);
        if (existing.Size != offered.Size || !existing.Sha256.Span.SequenceEqual(offered.Sha256.Span))
        {
            throw new ChunkStoreException(ChunkStoreError.AlreadyExists, $"Chunk {offered.Chunk} already exists with other bytes.");
        }

        File.Delete(path);
    }

    private SafeFileHandle CreateFile(
        ChunkId chunk, long? expectedSize, ChunkSpace.Reservation space, out string path, out SpaceSteps? steps)
    {
        steps = null;
        path = _directory.NewIncomingPath(chunk);

        // The file may be read by its final name before this handle is closed.
        var handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        PrivateFiles.Protect(handle);
        if (expectedSize is not { } size || size <= ChunkOutput.ShortBytes)
        {
            // The only write of a short chunk reports a full disk.
            return handle;
        }

        steps = new SpaceSteps(handle, space, size);
        try
        {
            steps.Begin();
            return handle;
        }
        catch (ChunkStoreException)
        {
            handle.Dispose();
            File.Delete(path);
            throw;
        }
    }

    private async Task<ChunkFile> OpenFileAsync(ChunkId chunk, CancellationToken cancellationToken)
    {
        if (_cache.Find(chunk) is { } cached)
        {
            return cached;
        }

        var path = _directory.PathOf(chunk);
        var file = await ChunkFile.OpenAsync(chunk, path, cancellationToken);
        _cache.Add(file);

        // A deletion removes the name before the cache entry, so a deletion that this call has missed is found here.
        if (!File.Exists(path))
        {
            _cache.Remove(chunk);
        }

        return file;
    }

    /// <summary>Describes a chunk file; null when it has been deleted since.</summary>
    private async Task<ChunkEntry?> DescribeAsync(ChunkId chunk, FileInfo file, CancellationToken cancellationToken)
    {
        ChunkInfo? info = null;
        try
        {
            using var open = await ChunkFile.OpenAsync(chunk, file.FullName, cancellationToken);
            info = open.Footer.Info;
        }
        catch (ChunkStoreException exception) when (exception.Error == ChunkStoreError.Corrupt)
        {
            LogDamagedFooter(chunk);
        }
        catch (ChunkStoreException exception) when (exception.Error == ChunkStoreError.NotFound)
        {
            return null;
        }

        // Length and time are read together here, so that a file that is deleted now has neither.
        file.Refresh();
        return file.Exists ? new ChunkEntry(chunk, info, file.Length, file.LastWriteTimeUtc) : null;
    }

    private static async ValueTask<BlockRun?> ReadGoodAsync(ChunkFile file, long offset, int bytes, CancellationToken cancellationToken)
    {
        var run = await file.ReadAsync(offset, bytes, cancellationToken);
        if (run.FindBadBlock() is null)
        {
            return run;
        }

        run.Dispose();
        return null;
    }

    private ChunkStoreException Damaged(ChunkId chunk, long block)
    {
        LogDamagedBlock(chunk, block);
        _cache.Remove(chunk);
        return new ChunkStoreException(ChunkStoreError.Corrupt, $"The block at {block} of chunk {chunk} is damaged on disk.");
    }

    [LoggerMessage(
        LogLevel.Information,
        "Opened {Directory}: {Count} chunks, {Bytes} bytes; {TrashCount} in the trash, {TrashBytes} bytes; "
        + "deleted {Dropped} unfinished chunks")]
    private partial void LogOpened(string directory, long count, long bytes, long trashCount, long trashBytes, int dropped);

    [LoggerMessage(LogLevel.Error, "The block at {Offset} of chunk {Chunk} is damaged on disk")]
    private partial void LogDamagedBlock(ChunkId chunk, long offset);

    [LoggerMessage(LogLevel.Error, "The footer of chunk {Chunk} is missing or damaged")]
    private partial void LogDamagedFooter(ChunkId chunk);
}
