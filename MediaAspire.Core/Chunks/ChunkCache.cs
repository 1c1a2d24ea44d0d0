using MediaAspire.Core.Ids;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Chunks;

/// <summary>The first runs of chunks that were read more than once recently, in memory.</summary>
/// <remarks>
/// Thread-safe. A chunk never changes, and a reader has just found it in the catalog: no entry can be out of date. A chunk is added when it
/// is read a second time, so that reading a whole collection once does not evict the chunks that are read all the time. The chunk that was
/// not read for the longest time is evicted first.
/// </remarks>
public sealed class ChunkCache : IDisposable
{
    // The number of slots for chunks that were read once. A chunk replaces the earlier one in its slot.
    private const int SeenOnce = 8192;

    private readonly long _limit;
    private readonly ChunkCacheMetrics _metrics;
    private readonly Lock _lock = new();
    private readonly ChunkId[] _seen = new ChunkId[SeenOnce];
    private readonly Dictionary<ChunkId, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byUse = [];
    private long _bytes;

    public ChunkCache(IOptions<ChunkOptions> options, ChunkCacheMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(metrics);

        _limit = options.Value.CacheBytes;
        _metrics = metrics;
        metrics.Observe(() => Interlocked.Read(ref _bytes));
    }

    /// <summary>Finds a run that holds a range of a chunk, and verifies it again.</summary>
    /// <returns>The run, which the caller releases; <see langword="null"/> when it is not cached.</returns>
    public BlockRun? Find(ChunkId chunk, long offset, long length)
    {
        if (_limit == 0)
        {
            return null;
        }

        var run = Take(chunk, offset + length);
        if (run?.FindBadBlock() is not null)
        {
            // The memory is damaged; the nodes still have the right bytes.
            run.Dispose();
            Remove(chunk);
            run = null;
        }

        _metrics.CountRead(run is not null);
        return run;
    }

    /// <summary>Offers the first run of a chunk that has just been read and verified. The caller keeps its reference.</summary>
    public void Offer(ChunkId chunk, BlockRun run)
    {
        ArgumentNullException.ThrowIfNull(run);

        if (run.BufferBytes > _limit)
        {
            return;
        }

        lock (_lock)
        {
            ref var seen = ref _seen[(uint)chunk.GetHashCode() % SeenOnce];
            if (seen != chunk)
            {
                seen = chunk;
                return;
            }

            if (_entries.TryGetValue(chunk, out var known))
            {
                // A longer run serves more ranges.
                if (known.Value.Run.Length >= run.Length)
                {
                    return;
                }

                Drop(known);
            }

            while (_bytes + run.BufferBytes > _limit)
            {
                Drop(_byUse.First!);
            }

            _entries.Add(chunk, _byUse.AddLast(new Entry(chunk, run.Retain())));
            _bytes += run.BufferBytes;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            while (_byUse.First is { } first)
            {
                Drop(first);
            }
        }
    }

    private BlockRun? Take(ChunkId chunk, long end)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(chunk, out var node) || node.Value.Run.Length < end)
            {
                return null;
            }

            _byUse.Remove(node);
            _byUse.AddLast(node);
            return node.Value.Run.Retain();
        }
    }

    private void Remove(ChunkId chunk)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(chunk, out var node))
            {
                Drop(node);
            }
        }
    }

    private void Drop(LinkedListNode<Entry> node)
    {
        _byUse.Remove(node);
        _entries.Remove(node.Value.Chunk);
        _bytes -= node.Value.Run.BufferBytes;
        node.Value.Run.Dispose();
    }

    private readonly record struct Entry(ChunkId Chunk, BlockRun Run);
}
