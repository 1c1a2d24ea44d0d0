using System.IO.Pipelines;
using MediaAspire.Core.Chunks;

namespace MediaAspire.Core.Files;

/// <summary>A part of one chunk.</summary>
/// <param name="Chunk">The chunk.</param>
/// <param name="Offset">First byte, from the chunk's start.</param>
/// <param name="Length">Length in bytes, at least 1.</param>
internal readonly record struct ChunkSlice(StoredChunk Chunk, long Offset, long Length);

/// <summary>A range of a file, ready to be sent once.</summary>
public sealed class FileRange : IAsyncDisposable
{
    private readonly Queue<ChunkSlice> _slices;
    private readonly Func<ChunkSlice, IAsyncEnumerator<BlockRun>> _open;
    private readonly long _prefetchDistance;
    private readonly FileMetrics _metrics;
    private OpenSlice? _current;
    private OpenSlice? _next;
    private long _sent;
    private bool _completed;

    internal FileRange(
        IEnumerable<ChunkSlice> slices, Func<ChunkSlice, IAsyncEnumerator<BlockRun>> open, long prefetchDistance, FileMetrics metrics)
    {
        _slices = new(slices);
        _open = open;
        _prefetchDistance = prefetchDistance;
        _metrics = metrics;
        metrics.DownloadStarted();
    }

    /// <summary>Sends the whole range.</summary>
    /// <exception cref="ChunkUnavailableException">No copy of a chunk can be read any more; part of the range may have been sent.</exception>
    public async Task SendAsync(PipeWriter destination, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(destination);

        for (; _current is not null; await MoveToNextSliceAsync())
        {
            var slice = _current.Slice;
            for (var hasRun = await _current.FirstMove; hasRun; hasRun = await _current.Runs.MoveNextAsync())
            {
                using var run = _current.Runs.Current;
                var part = Trim(run, slice);
                var flushed = await destination.WriteAsync(part, cancellationToken);
                _sent += part.Length;
                if (flushed.IsCompleted)
                {
                    return;
                }

                if (slice.Offset + slice.Length - (run.Offset + run.Length) < _prefetchDistance)
                {
                    Prefetch();
                }
            }
        }

        _completed = true;
    }

    public async ValueTask DisposeAsync()
    {
        _metrics.DownloadEnded(_sent, _completed);
        if (_next is not null && await CloseAsync(_next))
        {
            // Fetched ahead, and nobody took it.
            _next.Runs.Current.Dispose();
        }

        if (_current is not null)
        {
            await CloseAsync(_current);
        }
    }

    internal async Task PrimeAsync()
    {
        Prefetch();
        await MoveToNextSliceAsync();
        if (_current is not null)
        {
            await _current.FirstMove;
        }
    }

    private void Prefetch()
    {
        if (_next is null && _slices.TryDequeue(out var slice))
        {
            var runs = _open(slice);
            _next = new OpenSlice(slice, runs, runs.MoveNextAsync().AsTask());
        }
    }

    private async Task MoveToNextSliceAsync()
    {
        if (_current is not null)
        {
            await _current.Runs.DisposeAsync();
        }

        Prefetch();
        (_current, _next) = (_next, null);
    }

    /// <summary>Ends a slice's stream; an enumerator must not be disposed while it moves.</summary>
    /// <returns>Whether its first run had arrived.</returns>
    private static async ValueTask<bool> CloseAsync(OpenSlice slice)
    {
        await ((Task)slice.FirstMove).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await slice.Runs.DisposeAsync();
        return slice.FirstMove.IsCompletedSuccessfully && await slice.FirstMove;
    }

    /// <summary>Cuts the whole blocks that arrived down to the bytes that were asked for.</summary>
    private static ReadOnlyMemory<byte> Trim(BlockRun run, ChunkSlice slice)
    {
        var from = Math.Max(slice.Offset - run.Offset, 0);
        var to = Math.Min(slice.Offset + slice.Length - run.Offset, run.Length);
        return run.Data[(int)from..(int)to];
    }

    private sealed record OpenSlice(ChunkSlice Slice, IAsyncEnumerator<BlockRun> Runs, Task<bool> FirstMove);
}
