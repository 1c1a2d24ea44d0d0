using System.IO.Pipelines;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Files;

/// <summary>A part of one chunk.</summary>
/// <param name="Chunk">The chunk.</param>
/// <param name="Offset">First byte, from the chunk's start.</param>
/// <param name="Length">Length in bytes, at least 1.</param>
internal readonly record struct ChunkSlice(StoredChunk Chunk, long Offset, long Length);

/// <summary>A range of a file, ready to be sent once.</summary>
public sealed class FileRange : IAsyncDisposable
{
    private readonly FileId _file;
    private readonly Queue<ChunkSlice> _slices;
    private readonly Func<ChunkSlice, IAsyncEnumerator<BlockRun>> _open;
    private readonly long _prefetchDistance;
    private readonly FileMetrics _metrics;
    private OpenSlice? _current;
    private OpenSlice? _next;
    private long _sent;

    internal FileRange(
        FileId file,
        IEnumerable<ChunkSlice> slices,
        Func<ChunkSlice, IAsyncEnumerator<BlockRun>> open,
        long prefetchDistance,
        FileMetrics metrics)
    {
        _file = file;
        _slices = new(slices);
        _open = open;
        _prefetchDistance = prefetchDistance;
        _metrics = metrics;
        metrics.DownloadStarted();
    }

    /// <summary>Gets a value indicating whether the whole range was written to the client's connection.</summary>
    public bool IsSent { get; private set; }

    /// <summary>Sends the whole range.</summary>
    /// <exception cref="FileUnavailableException">
    /// No copy of a chunk can be read any more; part of the range may have been sent.
    /// </exception>
    public async Task SendAsync(PipeWriter destination, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(destination);

        try
        {
            for (; _current is not null; await MoveToNextSliceAsync())
            {
                var slice = _current.Slice;
                for (var hasRun = await _current.FirstMove; hasRun; hasRun = await _current.Runs.MoveNextAsync())
                {
                    using var run = _current.TakeRun();
                    var part = Trim(run, slice);
                    var flushed = await destination.WriteAsync(part, cancellationToken);
                    _sent += part.Length;
                    _metrics.Transfers.AddSent(part.Length);
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
        }
        catch (ChunkUnavailableException failure)
        {
            throw Unavailable(failure);
        }

        IsSent = true;
    }

    public async ValueTask DisposeAsync()
    {
        _metrics.DownloadEnded(_sent, IsSent);
        foreach (var slice in new[] { _next, _current })
        {
            if (slice is not null)
            {
                await slice.CloseAsync();
            }
        }
    }

    internal async Task PrimeAsync()
    {
        Prefetch();
        await MoveToNextSliceAsync();
        if (_current is not null)
        {
            try
            {
                await _current.FirstMove;
            }
            catch (ChunkUnavailableException failure)
            {
                throw Unavailable(failure);
            }
        }
    }

    private FileUnavailableException Unavailable(ChunkUnavailableException failure) => new(_file, _current!.Slice.Chunk.Number, failure);

    private void Prefetch()
    {
        if (_next is null && _slices.TryDequeue(out var slice))
        {
            _next = new OpenSlice(slice, _open(slice));
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

    /// <summary>Trims whole blocks to the requested bytes.</summary>
    private static ReadOnlyMemory<byte> Trim(BlockRun run, ChunkSlice slice)
    {
        var from = Math.Max(slice.Offset - run.Offset, 0);
        var to = Math.Min(slice.Offset + slice.Length - run.Offset, run.Length);
        return run.Data[(int)from..(int)to];
    }

    private sealed class OpenSlice(ChunkSlice slice, IAsyncEnumerator<BlockRun> runs)
    {
        private readonly Task<bool> _firstMove = runs.MoveNextAsync().AsTask();
        private bool _isFirstRunTaken;

        public ChunkSlice Slice => slice;

        public IAsyncEnumerator<BlockRun> Runs => runs;

        /// <summary>Waits for the first run, which was requested when the slice was opened.</summary>
        /// <returns><see langword="false"/> when the stream has no run.</returns>
        public ValueTask<bool> FirstMove => new(_firstMove);

        /// <summary>Takes the current run; the caller releases it.</summary>
        public BlockRun TakeRun()
        {
            _isFirstRunTaken = true;
            return runs.Current;
        }

        /// <summary>Ends the stream, and releases a fetched run that was not taken.</summary>
        public async ValueTask CloseAsync()
        {
            // An enumerator must not be disposed while it moves.
            await ((Task)_firstMove).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!_isFirstRunTaken && _firstMove.IsCompletedSuccessfully && await _firstMove)
            {
                runs.Current.Dispose();
            }

            await runs.DisposeAsync();
        }
    }
}
