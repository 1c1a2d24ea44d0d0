using System.Globalization;
using MediaAspire.Core.Ids;
using MediaAspire.Storage.Volumes;

namespace MediaAspire.Storage.Chunks;

/// <summary>The directories of a node's chunk files.</summary>
/// <remarks>
/// <c>chunks/3a/0197…-…f3a.chunk</c>: 256 directories named by the last two digits of the id, which are random; the first digits are a
/// time. Creating a directory costs more than creating a chunk's file, and all 256 soon exist. Unfinished chunks are in
/// <c>incoming/</c>, on the same file system, so that renaming is atomic. Only the node's own user can read them.
/// </remarks>
internal sealed class ChunkDirectory
{
    private const string Extension = ".chunk";
    private const int ShardDigits = 2;

    // A new one costs a flush of its parent, for which a client waits; its neighbours cost little more.
    private const int ShardsAtOnce = 16;

    private readonly string _chunks;
    private readonly string _incoming;
    private readonly bool[] _shardExists = new bool[256];
    private readonly Lock _shardLock = new();
    private long _lastIncoming;

    public ChunkDirectory(string root)
    {
        Root = root;
        _chunks = Path.Combine(root, "chunks");
        _incoming = Path.Combine(root, "incoming");
    }

    public string Root { get; }

    /// <summary>
    /// Creates the directories, makes existing ones private, and deletes the unfinished chunks of earlier processes.
    /// </summary>
    /// <returns>The number of deleted files.</returns>
    public int Prepare()
    {
        PrivateFiles.CreateDirectory(_chunks);
        PrivateFiles.CreateDirectory(_incoming);
        StableStorage.FlushDirectory(Root);
        Reshard();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var shard in Directory.EnumerateDirectories(_chunks))
        {
            PrivateFiles.CreateDirectory(shard);
            names.Add(Path.GetFileName(shard));
        }

        MarkDurable(Enumerable.Range(0, _shardExists.Length).Where(shard => names.Contains(NameOf(shard))));
        var dropped = 0;
        foreach (var file in Directory.EnumerateFiles(_incoming))
        {
            File.Delete(file);
            dropped++;
        }

        return dropped;
    }

    public string PathOf(ChunkId chunk)
    {
        var name = chunk.ToString();
        return Path.Combine(_chunks, name[^ShardDigits..], name + Extension);
    }

    /// <summary>Makes a path that no other write of this process uses.</summary>
    public string NewIncomingPath(ChunkId chunk) => Path.Combine(_incoming, $"{chunk}.{Interlocked.Increment(ref _lastIncoming)}");

    /// <summary>Makes the directory of a chunk's file durable; cheap after the first time.</summary>
    public void EnsureShard(ChunkId chunk)
    {
        var index = Convert.ToInt32(chunk.ToString()[^ShardDigits..], 16);
        if (Volatile.Read(ref _shardExists[index]))
        {
            return;
        }

        lock (_shardLock)
        {
            if (!_shardExists[index])
            {
                var first = index - (index % ShardsAtOnce);
                for (var shard = first; shard < first + ShardsAtOnce; shard++)
                {
                    PrivateFiles.CreateDirectory(Path.Combine(_chunks, NameOf(shard)));
                }

                MarkDurable(Enumerable.Range(first, ShardsAtOnce));
            }
        }
    }

    private static string NameOf(int shard) => shard.ToString("x2", CultureInfo.InvariantCulture);

    private void MarkDurable(IEnumerable<int> shards)
    {
        StableStorage.FlushDirectory(_chunks);
        foreach (var shard in shards)
        {
            Volatile.Write(ref _shardExists[shard], true);
        }
    }

    /// <summary>
    /// Moves the chunks of an old store with 4,096 directories to the current ones. An interrupted move continues at the next start.
    /// </summary>
    private void Reshard()
    {
        foreach (var old in Directory.GetDirectories(_chunks).Where(path => Path.GetFileName(path).Length == ShardDigits + 1))
        {
            // They all end in the same digits, so they belong to one directory.
            string? shard = null;
            foreach (var file in Directory.GetFiles(old, "*" + Extension))
            {
                if (ChunkId.TryParse(Path.GetFileNameWithoutExtension(file), out var chunk))
                {
                    EnsureShard(chunk);
                    File.Move(file, PathOf(chunk));
                    shard = Path.GetDirectoryName(PathOf(chunk));
                }
            }

            if (shard is not null)
            {
                StableStorage.FlushDirectory(shard);
            }

            if (!Directory.EnumerateFileSystemEntries(old).Any())
            {
                Directory.Delete(old);
            }
        }
    }

    /// <summary>Enumerates every file with the name of a chunk.</summary>
    public IEnumerable<(ChunkId Chunk, FileInfo File)> Enumerate()
    {
        foreach (var file in new DirectoryInfo(_chunks).EnumerateFiles("*" + Extension, SearchOption.AllDirectories))
        {
            if (ChunkId.TryParse(Path.GetFileNameWithoutExtension(file.Name), out var chunk))
            {
                yield return (chunk, file);
            }
        }
    }
}
