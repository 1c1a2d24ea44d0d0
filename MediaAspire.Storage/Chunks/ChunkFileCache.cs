using MediaAspire.Core.Ids;

namespace MediaAspire.Storage.Chunks;

/// <summary>A cache of the recently read chunk files, open and with their footers, so that a small read is one system call.</summary>
/// <remarks>Thread-safe. Bounded in files and in footer bytes.</remarks>
internal sealed class ChunkFileCache(int capacity) : IDisposable
{
    private const long MaxFooterBytes = 32 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<ChunkId, LinkedListNode<ChunkFile>> _files = [];
    private readonly LinkedList<ChunkFile> _latestFirst = new();
    private long _footerBytes;

    /// <summary>Finds an open file; the caller disposes its reference.</summary>
    public ChunkFile? Find(ChunkId chunk)
    {
        lock (_lock)
        {
            if (!_files.TryGetValue(chunk, out var node) || !node.Value.TryRetain())
            {
                return null;
            }

            _latestFirst.Remove(node);
            _latestFirst.AddFirst(node);
            return node.Value;
        }
    }

    /// <summary>Adds a file; the cache makes a reference of its own.</summary>
    public void Add(ChunkFile file)
    {
        lock (_lock)
        {
            if (!_files.ContainsKey(file.Footer.Info.Chunk) && file.TryRetain())
            {
                _files.Add(file.Footer.Info.Chunk, _latestFirst.AddFirst(file));
                _footerBytes += file.Footer.Bytes;
            }

            while (_files.Count > capacity || (_footerBytes > MaxFooterBytes && _files.Count > 1))
            {
                Drop(_latestFirst.Last!);
            }
        }
    }

    /// <summary>Removes a chunk that was deleted or found damaged.</summary>
    public void Remove(ChunkId chunk)
    {
        lock (_lock)
        {
            if (_files.TryGetValue(chunk, out var node))
            {
                Drop(node);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            while (_latestFirst.Last is { } node)
            {
                Drop(node);
            }
        }
    }

    private void Drop(LinkedListNode<ChunkFile> node)
    {
        _latestFirst.Remove(node);
        _files.Remove(node.Value.Footer.Info.Chunk);
        _footerBytes -= node.Value.Footer.Bytes;
        node.Value.Dispose();
    }
}
