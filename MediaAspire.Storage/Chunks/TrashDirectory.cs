using MediaAspire.Core.Ids;
using MediaAspire.Storage.Volumes;

namespace MediaAspire.Storage.Chunks;

/// <summary>The files of a node's trash: chunks that a sweep took. docs/formats/chunk.md describes them.</summary>
/// <remarks>Thread-safe. The store serialises the moves of one chunk by its own lock, which it takes before the one here.</remarks>
internal sealed class TrashDirectory(string root, TimeProvider time)
{
    private const string ClockFile = "clock";

    private readonly string _path = Path.Combine(root, "trash");

    // Guards the directories of the hours, the names and the two counters.
    private readonly Lock _lock = new();

    // The oldest files, listed once rather than for each of them.
    private readonly Queue<TrashName> _oldest = new();
    private long _count;
    private long _bytes;
    private TimeSpan _last;

    public TrashClock Clock { get; } = new(time);

    public long Count => Interlocked.Read(ref _count);

    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Creates the directory, counts the files, and sets the clock.</summary>
    public void Prepare()
    {
        PrivateFiles.CreateDirectory(_path);
        StableStorage.FlushDirectory(root);
        Clock.AdvanceTo(TrashClock.Load(Path.Combine(_path, ClockFile)) ?? TimeSpan.Zero);
        foreach (var hour in Hours())
        {
            PrivateFiles.CreateDirectory(hour);
        }

        foreach (var (name, file) in Enumerate())
        {
            _count++;
            _bytes += file.Length;

            // The saved time may be older than the last file, or lost.
            Clock.AdvanceTo(name.At);
        }
    }

    public void SaveClock() => Clock.Save(Path.Combine(_path, ClockFile));

    public string PathOf(TrashName name) => Path.Combine(_path, name.RelativePath);

    /// <summary>Moves a chunk's file here. That is durable once the caller has flushed the new directory and the old one.</summary>
    /// <returns>The path of the file's new directory.</returns>
    public string Add(ChunkId chunk, FileInfo file, TrashReason reason)
    {
        lock (_lock)
        {
            // Each file has a time of its own, so that names are unique and in order.
            var now = TimeSpan.FromMilliseconds((long)Clock.Now.TotalMilliseconds);
            _last = now > _last ? now : _last + TimeSpan.FromMilliseconds(1);
            var name = new TrashName(_last, time.GetUtcNow(), reason, chunk);
            var hour = Path.Combine(_path, name.Hour);
            if (!Directory.Exists(hour))
            {
                PrivateFiles.CreateDirectory(hour);
                StableStorage.FlushDirectory(_path);
            }

            var bytes = file.Length;
            File.Move(file.FullName, PathOf(name));
            _count++;
            _bytes += bytes;
            return hour;
        }
    }

    /// <summary>Moves a file back out, under a name that does not exist.</summary>
    /// <remarks>It counts as written now: a sweep leaves young files alone, so that there is time to use it.</remarks>
    /// <returns>Its length; null when it is not in the trash.</returns>
    public long? Take(TrashName name, string target)
    {
        lock (_lock)
        {
            var file = new FileInfo(PathOf(name));
            if (!file.Exists)
            {
                return null;
            }

            var bytes = file.Length;
            file.LastWriteTimeUtc = time.GetUtcNow().UtcDateTime;
            file.MoveTo(target);
            _count--;
            _bytes -= bytes;
            return bytes;
        }
    }

    /// <summary>Lists files from the oldest on.</summary>
    /// <param name="after">The last name of the previous page; null for the first.</param>
    /// <param name="limit">The most files.</param>
    public IReadOnlyList<TrashEntry> List(TrashName? after, int limit)
    {
        var from = after?.ToString() ?? "";
        var now = Clock.Now;
        var page = new List<TrashEntry>();
        foreach (var (name, file) in Enumerate(after?.Hour ?? ""))
        {
            if (page.Count == limit)
            {
                break;
            }

            if (string.CompareOrdinal(file.Name, from) > 0 && LengthOf(file) is { } bytes)
            {
                page.Add(new(name, bytes, now - name.At));
            }
        }

        return page;
    }

    /// <summary>Deletes files of at least an age, the oldest first, as long as that is allowed.</summary>
    /// <returns>Their number and bytes.</returns>
    public (long Files, long Bytes) DeleteOlder(TimeSpan age, Func<bool> isAllowed, CancellationToken cancellationToken)
    {
        var latest = Clock.Now - age;
        var deleted = (Files: 0L, Bytes: 0L);
        while (isAllowed() && Next() is { } oldest && oldest.At <= latest)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Delete(oldest) is { } bytes)
            {
                deleted = (deleted.Files + 1, deleted.Bytes + bytes);
            }
        }

        DeleteEmptyHours();
        return deleted;
    }

    /// <summary>Deletes the oldest files until some bytes are free.</summary>
    /// <returns>The number and bytes of the deleted files; the bytes are fewer than wanted when the trash is empty.</returns>
    public (long Files, long Bytes) DeleteOldest(long wanted)
    {
        var deleted = (Files: 0L, Bytes: 0L);
        while (deleted.Bytes < wanted && Next() is { } oldest)
        {
            if (Delete(oldest) is { } bytes)
            {
                deleted = (deleted.Files + 1, deleted.Bytes + bytes);
            }
        }

        return deleted;
    }

    /// <summary>Gets the oldest file's name without removing it from the queue; null when the trash is empty.</summary>
    private TrashName? Next()
    {
        lock (_lock)
        {
            if (_oldest.Count == 0)
            {
                foreach (var hour in Hours())
                {
                    foreach (var (name, _) in FilesOf(hour))
                    {
                        _oldest.Enqueue(name);
                    }

                    if (_oldest.Count > 0)
                    {
                        break;
                    }
                }
            }

            return _oldest.TryPeek(out var oldest) ? oldest : null;
        }
    }

    /// <summary>Deletes a file; null when it is gone already.</summary>
    private long? Delete(TrashName name)
    {
        lock (_lock)
        {
            if (_oldest.TryPeek(out var next) && next == name)
            {
                _oldest.Dequeue();
            }

            var file = new FileInfo(PathOf(name));
            if (!file.Exists)
            {
                return null;
            }

            var bytes = file.Length;
            file.Delete();
            _count--;
            _bytes -= bytes;
            return bytes;
        }
    }

    private void DeleteEmptyHours()
    {
        lock (_lock)
        {
            foreach (var hour in Hours().Where(hour => !Directory.EnumerateFileSystemEntries(hour).Any()))
            {
                Directory.Delete(hour);
            }
        }
    }

    private IEnumerable<(TrashName Name, FileInfo File)> Enumerate(string fromHour = "") =>
        Hours().Where(hour => string.CompareOrdinal(Path.GetFileName(hour), fromHour) >= 0).SelectMany(FilesOf);

    private IEnumerable<string> Hours() => Directory.EnumerateDirectories(_path)
        .Where(path => TrashName.IsHour(Path.GetFileName(path)))
        .Order(StringComparer.Ordinal);

    private static IEnumerable<(TrashName Name, FileInfo File)> FilesOf(string hour)
    {
        var directory = new DirectoryInfo(hour);
        foreach (var file in (directory.Exists ? directory.GetFiles() : []).OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            if (TrashName.TryParse(file.Name, out var name))
            {
                yield return (name, file);
            }
        }
    }

    /// <summary>Reads the length of a file that may be gone by now.</summary>
    private static long? LengthOf(FileInfo file)
    {
        file.Refresh();
        return file.Exists ? file.Length : null;
    }
}
