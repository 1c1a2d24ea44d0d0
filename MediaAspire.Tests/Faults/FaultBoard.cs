namespace MediaAspire.Tests.Faults;

/// <summary>Which faults are on that no redundancy covers, and when the last one ended. Thread-safe.</summary>
/// <remarks>There is one API and one PostgreSQL: while either is away requests fail. The loss of anything else is to be borne.</remarks>
internal sealed class FaultBoard
{
    // Connections are still being replaced for a while after a fault has ended.
    private static readonly TimeSpan s_aftermath = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private readonly List<Fault> _active = [];
    private long? _lastEnd;

    /// <summary>Tells that a fault begins; what is returned tells its end.</summary>
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
    /// Gets a value indicating whether the API or PostgreSQL was away, or had just come back, at any time since <paramref name="start"/>.
    /// </summary>
    public bool WasInterruptedSince(long start)
    {
        lock (_lock)
        {
            return _active.Count > 0 || (_lastEnd is { } end && end > start - (s_aftermath.TotalSeconds * TimeProvider.System.TimestampFrequency));
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
