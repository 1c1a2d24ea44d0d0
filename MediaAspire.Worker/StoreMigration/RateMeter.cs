namespace MediaAspire.Worker.StoreMigration;

/// <summary>Measures bytes per second over intervals. Thread-safe.</summary>
internal sealed class RateMeter(TimeProvider time)
{
    private readonly Lock _lock = new();
    private long _since = time.GetTimestamp();
    private long _bytes;

    /// <summary>Counts bytes.</summary>
    /// <returns>The rate of the interval that ends now; null while it goes on.</returns>
    public double? Add(long bytes, TimeSpan interval)
    {
        lock (_lock)
        {
            _bytes += bytes;
            var elapsed = time.GetElapsedTime(_since);
            if (elapsed < interval)
            {
                return null;
            }

            var rate = _bytes / elapsed.TotalSeconds;
            (_since, _bytes) = (time.GetTimestamp(), 0);
            return rate;
        }
    }
}
