using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace MediaAspire.Core.Limits;

/// <summary>Limits the rates of senders over all processes, by token buckets in Redis. Thread-safe.</summary>
/// <remarks>
/// The limiters of <c>System.Threading.RateLimiting</c> count in one process and have no <see cref="TimeProvider"/>. Here most requests
/// cost no call to Redis: see <see cref="RateBucket"/>. No method throws when Redis does not answer.
/// </remarks>
public sealed class SharedRateLimiter
{
    // Some 200 bytes each. Only senders with a limit have a bucket.
    private const int Capacity = 100_000;

    private static readonly TimeSpan s_idle = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, RateBucket> _buckets = new(StringComparer.Ordinal);
    private readonly SharedTokens _shared;
    private readonly TimeProvider _time;

    internal SharedRateLimiter(ITokenSource source, LimitMetrics metrics, TimeProvider time, ILogger<SharedRateLimiter> logger)
    {
        _shared = new SharedTokens(source, metrics, time, logger);
        _time = time;
    }

    /// <summary>Takes a token for one request.</summary>
    /// <param name="name">The name of the sender and the kind of limit, such as <c>key:ma_…</c>.</param>
    /// <param name="limit">The limit.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public ValueTask<RateDecision> TakeAsync(string name, RateLimit limit, CancellationToken cancellationToken) =>
        BucketOf(name).TakeAsync(limit, cancellationToken);

    /// <summary>Gets the time for which every request is refused without asking; zero when the next one may be allowed.</summary>
    public TimeSpan RefusedFor(string name) => _buckets.TryGetValue(name, out var bucket) ? bucket.RefusedFor : TimeSpan.Zero;

    private RateBucket BucketOf(string name)
    {
        if (_buckets.TryGetValue(name, out var known))
        {
            return known;
        }

        if (_buckets.Count >= Capacity)
        {
            MakeRoom();
        }

        return _buckets.GetOrAdd(name, static (name, self) => new(name, self._shared, self._time), this);
    }

    // Redis knows the state of each bucket, so forgetting one costs a call. While Redis is down, it gives the sender a new burst.
    private void MakeRoom()
    {
        foreach (var bucket in _buckets)
        {
            if (_time.GetElapsedTime(bucket.Value.UsedAt) >= s_idle)
            {
                _buckets.TryRemove(bucket);
            }
        }

        if (_buckets.Count >= Capacity)
        {
            _buckets.Clear();
        }
    }
}
