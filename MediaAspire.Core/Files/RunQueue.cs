using MediaAspire.Core.Chunks;

namespace MediaAspire.Core.Files;

/// <summary>A queue that processes runs in order on another thread, at most one behind the producer.</summary>
/// <remarks>A pass that is slower for a moment delays no other. One producer.</remarks>
internal sealed class RunQueue(Action<ReadOnlySpan<byte>> take)
{
    private Task _last = Task.CompletedTask;

    /// <summary>Adds a run, and waits until the previous one has been processed. The caller keeps its reference.</summary>
    public Task AddAsync(BlockRun run)
    {
        var before = _last;
        _last = TakeAsync(before, run.Retain());
        return before;
    }

    /// <summary>Waits until all runs have been processed.</summary>
    public Task DrainAsync() => _last;

    private async Task TakeAsync(Task before, BlockRun run)
    {
        using (run)
        {
            await before;
            await Task.Run(() => take(run.Data.Span), CancellationToken.None);
        }
    }
}
