using System.Numerics;

namespace MediaAspire.Api.Requests;

/// <summary>Counts durations in buckets, eight for each power of two. Thread-safe.</summary>
/// <remarks>
/// Recording is two atomic additions. It holds durations from 1 µs to 9 hours. A quantile is at most an eighth above the true one.
/// </remarks>
internal sealed class DurationHistogram
{
    private const int BucketsOfPower = 8;
    private const int Powers = 35;

    private readonly long[] _buckets = new long[BucketsOfPower * Powers];
    private long _microseconds;

    /// <summary>Records a duration.</summary>
    public void Record(double seconds)
    {
        var microseconds = seconds > 0 ? (long)Math.Min(seconds * 1e6, long.MaxValue / 2) : 0;
        Interlocked.Add(ref _microseconds, microseconds);
        Interlocked.Increment(ref _buckets[IndexOf(microseconds)]);
    }

    /// <summary>Reads the count, the mean and a quantile. Durations that are recorded meanwhile are in it or not.</summary>
    /// <param name="quantile">Above 0, at most 1.</param>
    /// <returns>Seconds; 0 without durations.</returns>
    public (long Count, double Mean, double Quantile) Read(double quantile)
    {
        var sum = Interlocked.Read(ref _microseconds);
        Span<long> buckets = stackalloc long[_buckets.Length];
        var count = 0L;
        for (var i = 0; i < buckets.Length; i++)
        {
            buckets[i] = Interlocked.Read(ref _buckets[i]);
            count += buckets[i];
        }

        if (count == 0)
        {
            return default;
        }

        var rank = (long)Math.Ceiling(quantile * count);
        var index = 0;
        for (var below = buckets[0]; below < rank; below += buckets[index])
        {
            index++;
        }

        return (count, sum / 1e6 / count, EndOf(index) / 1e6);
    }

    // Below 8 µs each microsecond has a bucket of its own.
    private static int IndexOf(long microseconds)
    {
        if (microseconds < BucketsOfPower)
        {
            return (int)microseconds;
        }

        var power = BitOperations.Log2((ulong)microseconds);
        var index = (power - 2) * BucketsOfPower + (int)(microseconds >> (power - 3)) - BucketsOfPower;
        return Math.Min(index, BucketsOfPower * Powers - 1);
    }

    private static double EndOf(int index)
    {
        if (index < BucketsOfPower)
        {
            return index + 1;
        }

        var power = index / BucketsOfPower + 2;
        return Math.ScaleB(index % BucketsOfPower + BucketsOfPower + 1, power - 3);
    }
}
