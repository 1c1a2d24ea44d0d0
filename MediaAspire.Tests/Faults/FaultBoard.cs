namespace MediaAspire.Tests.Faults;

/// <summary>Which faults are on, and when the last one ended. Thread-safe.</summary>
internal sealed class FaultBoard
{
    // Connections are made anew, views refreshed and leases taken over for a while after a fault has ended.
    private static readonly TimeSpan s_aftermath = TimeSpan.FromSeconds(20);

    private readonly Lock _lock = new();
    private readonly List<string> _active = [];
    private long? _lastEnd;

    public IDisposable Begin(string fault)
    {
        lock (_lock)
        {
            _active.Add(fault);
        }

        return new Ending(this, fault);
    }

    /// <summary>Whether a fault was on, or had just ended, at any time since <paramref name="start"/>.</summary>
    public bool WasDisturbedSince(long start)
    {
        lock (_lock)
        {
            return _active.Count > 0 || (_lastEnd is { } end && end > start - (s_aftermath.TotalSeconds * TimeProvider.System.TimestampFrequency));
        }
    }

    private sealed class Ending(FaultBoard board, string fault) : IDisposable
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
