namespace MediaAspire.Core.Chunks;

/// <summary>A limit of a transfer's rate, in bytes per second.</summary>
/// <remarks>
/// Thread-safe; transfers that share a pacer share its rate. The first request passes at once and delays the next one by the time that its
/// bytes take at the rate. Unused time is not saved.
/// </remarks>
public sealed class Pacer
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly double _ticksPerByte;

    // The earliest time of the next bytes, as a timestamp of _time.
    private double _due;

    /// <param name="bytesPerSecond">The rate, at least 1.</param>
    /// <param name="time">The clock.</param>
    public Pacer(long bytesPerSecond, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytesPerSecond, 1);
        _time = time;
        _ticksPerByte = (double)time.TimestampFrequency / bytesPerSecond;
        _due = time.GetTimestamp();
    }

    /// <summary>Waits until the rate allows <paramref name="bytes"/> bytes.</summary>
    public Task WaitAsync(long bytes, CancellationToken cancellationToken)
    {
        var wait = Reserve(bytes);
        return wait > TimeSpan.Zero ? Task.Delay(wait, _time, cancellationToken) : Task.CompletedTask;
    }

    /// <summary>Reserves the next time slot for the bytes, and computes the wait for it.</summary>
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
