namespace MediaAspire.Worker.StoreMigration;

/// <summary>Lets bytes through at a limited rate. Thread-safe.</summary>
/// <param name="bytesPerSecond">The rate; 0 is no limit.</param>
/// <param name="time">The clock.</param>
internal sealed class ByteBudget(long bytesPerSecond, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly long _startedAt = time.GetTimestamp();
    private TimeSpan _free;

    /// <summary>Waits until the bytes before these would have passed.</summary>
    public async Task TakeAsync(long bytes, CancellationToken cancellationToken)
    {
        if (bytesPerSecond == 0)
        {
            return;
        }

        TimeSpan wait;
        lock (_lock)
        {
            var now = time.GetElapsedTime(_startedAt);
            var begin = _free > now ? _free : now;
            _free = begin + TimeSpan.FromSeconds((double)bytes / bytesPerSecond);
            wait = begin - now;
        }

        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, cancellationToken);
        }
    }
}
