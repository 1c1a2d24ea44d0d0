namespace MediaAspire.Tests.Faults;

/// <summary>The active faults that no redundancy covers, and the end of the last one. Thread-safe.</summary>
/// <remarks>Requests may fail while the only API or PostgreSQL is down, but not because of other faults.</remarks>
internal sealed class FaultBoard
{
    // Connections are replaced for a while after a fault has ended.
    private static readonly TimeSpan s_aftermath = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private readonly List<Fault> _active = [];
    private long? _lastEnd;

    /// <summary>Begins a fault; disposing of the result ends it.</summary>
    public IDisposable? Begin(Fault fault)
    {
        if (fault.Kind is not (FaultKind.KillApi or FaultKind.KillPostgres or FaultKind.PausePostgres))
        {
            return null;
        }

        lock (_lock)
        {
            _active.Add(fault);
        }

        return new Ending(this, fault);
    }

    /// <summary>
    /// Gets a value indicating whether the API or PostgreSQL was down, or had just started, at any time since <paramref name="start"/>.
    /// </summary>
    public bool WasInterruptedSince(long start)
    {
        lock (_lock)
        {
            return _active.Count > 0
                || (_lastEnd is { } end && end > start - (s_aftermath.TotalSeconds * TimeProvider.System.TimestampFrequency));
        }
    }

    private sealed class Ending(FaultBoard board, Fault fault) : IDisposable
    {
        public void Dispose()
        {
            lock (board._lock)
            {
                if (board._active.Remove(fault))
                {
                    board._lastEnd = TimeProvider.System.GetTimestamp();
                }
            }
        }
    }
}
