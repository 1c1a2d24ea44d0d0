namespace MediaAspire.Core.Limits;

/// <summary>A token bucket of this process; full at first. Not safe for concurrent use.</summary>
/// <remarks>The script of <see cref="RedisTokenSource"/> computes the same. Invariant: 0 ≤ tokens ≤ burst.</remarks>
internal sealed class TokenBucket(TimeProvider time)
{
    private double? _tokens;
    private long _since;

    public TokenGrant Take(RateLimit limit, int wanted)
    {
        var now = time.GetTimestamp();
        var saved = _tokens is { } before
            ? Math.Min(limit.Burst, before + (time.GetElapsedTime(_since, now).TotalSeconds * limit.PerSecond))
            : limit.Burst;
        var taken = (int)Math.Min(wanted, Math.Floor(saved));
        if (taken > 0 || _tokens is null)
        {
            (_tokens, _since) = (saved - taken, now);
        }

        return new(taken, taken > 0 ? TimeSpan.Zero : TimeSpan.FromSeconds((1 - saved) / limit.PerSecond));
    }
}
