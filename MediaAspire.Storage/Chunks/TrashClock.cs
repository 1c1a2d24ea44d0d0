using System.Globalization;

namespace MediaAspire.Storage.Chunks;

/// <summary>The clock by which the trash ages: the time for which a node has run with this disk.</summary>
/// <remarks>
/// Thread-safe. It never goes back and never jumps: it grows by the monotonic clock of the process, and the machine's date does not matter.
/// The time in which the node is down is not counted, so the trash is kept longer rather than shorter.
/// </remarks>
internal sealed class TrashClock(TimeProvider time)
{
    private readonly Lock _lock = new();
    private TimeSpan _counted;
    private long _since = time.GetTimestamp();
    private bool _isStopped;

    public TimeSpan Now
    {
        get
        {
            lock (_lock)
            {
                Count();
                return _counted;
            }
        }
    }

    /// <summary>Sets the clock forward, at the start of the process.</summary>
    public void AdvanceTo(TimeSpan at)
    {
        lock (_lock)
        {
            Count();
            _counted = at > _counted ? at : _counted;
        }
    }

    /// <summary>Stops the clock, or lets it run again. In between, the trash does not age.</summary>
    public void SetStopped(bool isStopped)
    {
        lock (_lock)
        {
            Count();
            _isStopped = isStopped;
        }
    }

    /// <summary>Reads the time that an earlier process saved; null when there is none, or it is not valid.</summary>
    public static TimeSpan? Load(string path) =>
        File.Exists(path)
        && long.TryParse(File.ReadAllText(path).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
        && milliseconds <= (long)TimeSpan.MaxValue.TotalMilliseconds
            ? TimeSpan.FromMilliseconds(milliseconds)
            : null;

    public void Save(string path) =>
        DurableFile.Replace(path, string.Create(CultureInfo.InvariantCulture, $"{(long)Now.TotalMilliseconds}\n"));

    private void Count()
    {
        var now = time.GetTimestamp();
        if (!_isStopped)
        {
            _counted += time.GetElapsedTime(_since, now);
        }

        _since = now;
    }
}
