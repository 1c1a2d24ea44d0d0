using MediaAspire.Core.Chunks;

namespace MediaAspire.Core.Durability;

/// <summary>Holds a duty's copies together to a rate: it spaces their starts, and tells each node at what rate to pull.</summary>
/// <remarks>
/// Chunks smaller than a run would escape the nodes' pacing, and large ones the spacing of the starts, so both are done. A copy starts
/// when those before it have had their time at the whole rate, and then runs at its share; a copy that is alone has it all.
/// </remarks>
/// <param name="bytesPerSecond">Most bytes a second; 0 for no limit.</param>
/// <param name="time">The clock.</param>
public sealed class CopyThrottle(long bytesPerSecond, TimeProvider time)
{
    private readonly Pacer? _starts = bytesPerSecond > 0 ? new Pacer(bytesPerSecond, time) : null;

    /// <summary>Waits until a copy may start.</summary>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="atOnce">Copies that are made at the same time, at least 1.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Bytes a second that it may take; 0 for no limit.</returns>
    public async Task<long> WaitAsync(long bytes, int atOnce, CancellationToken cancellationToken)
    {
        if (_starts is null)
        {
            return 0;
        }

        await _starts.WaitAsync(bytes, cancellationToken);
        return Math.Max(1, bytesPerSecond / Math.Max(1, atOnce));
    }

    /// <summary>Gives back the time of a copy that did not come about.</summary>
    public void Return(long bytes, CopyResult result)
    {
        if (result.Outcome is CopyOutcome.Busy or CopyOutcome.AlreadyStored or CopyOutcome.Unfit or CopyOutcome.NoSource)
        {
            _starts?.Return(bytes);
        }
    }
}
