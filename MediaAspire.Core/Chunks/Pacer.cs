namespace MediaAspire.Core.Chunks;

/// <summary>Spaces a transfer out so that it takes no more than so many bytes a second.</summary>
/// <remarks>
/// Thread-safe; those who share a pacer share its rate. What is asked for first passes at once and puts off what comes after it by
/// the time that it takes at the rate, so time that nobody used is not saved up.
/// </remarks>
public sealed class Pacer
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly double _ticksPerByte;

    // When the next bytes may go, as a timestamp of _time.
    private double _due;

    /// <param name="bytesPerSecond">The rate, at least 1.</param>
    /// <param name="time">The clock that waits are measured by.</param>
    public Pacer(long bytesPerSecond, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytesPerSecond, 1);
        _time = time;
        _ticksPerByte = (double)time.TimestampFrequency / bytesPerSecond;
        _due = time.GetTimestamp();
    }

    /// <summary>Waits until so many bytes may go.</summary>
    public Task WaitAsync(long bytes, CancellationToken cancellationToken)
    {
        var wait = Reserve(bytes);
        return wait > TimeSpan.Zero ? Task.Delay(wait, _time, cancellationToken) : Task.CompletedTask;
    }

    /// <summary>Gives so many bytes their place, and says how long to wait for it.</summary>
    internal TimeSpan Reserve(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        lock (_lock)
        {
            double now = _time.GetTimestamp();
            var start = Math.Max(_due, now);
            _due = start + (bytes * _ticksPerByte);
            return TimeSpan.FromSeconds((start - now) / _time.TimestampFrequency);
        }
    }
}
