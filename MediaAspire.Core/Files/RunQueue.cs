using MediaAspire.Core.Chunks;

namespace MediaAspire.Core.Files;

/// <summary>Takes runs in one after the other on another thread, at most one behind whoever brings them.</summary>
/// <remarks>So a pass that is slower for a moment holds nobody else up. One thread at a time.</remarks>
internal sealed class RunQueue(Action<ReadOnlySpan<byte>> take)
{
    private Task _last = Task.CompletedTask;

    /// <summary>Brings a run, and waits until the one before has been taken in. The caller keeps its reference.</summary>
    public Task AddAsync(BlockRun run)
    {
        var before = _last;
        _last = TakeAsync(before, run.Retain());
        return before;
    }

    /// <summary>Waits until all runs have been taken in.</summary>
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
