namespace MediaAspire.Worker.Queue;

/// <summary>Exponential back-off with full jitter: jobs that failed together are not retried together.</summary>
internal static class JobBackoff
{
    /// <param name="attempt">The attempt that failed, from 1.</param>
    /// <param name="first">Upper limit after the first attempt.</param>
    /// <param name="max">Upper limit after any.</param>
    /// <param name="random">The source of the delay's place in between.</param>
    public static TimeSpan DelayAfter(int attempt, TimeSpan first, TimeSpan max, Random random)
    {
        var limit = Math.Min(first.TotalSeconds * Math.Pow(2, attempt - 1), max.TotalSeconds);
        return TimeSpan.FromSeconds(limit * random.NextDouble());
    }
}
