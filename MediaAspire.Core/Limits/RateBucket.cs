namespace MediaAspire.Core.Limits;

/// <summary>The share of this process in one bucket: a block of tokens that it took ahead. Thread-safe.</summary>
/// <remarks>
/// <para>
/// A request takes a token of the block. The next block is requested when a quarter of the block is left, so a sender below its limit
/// waits for Redis only at its first request. A bucket that was empty is not asked again before it can have a token.
/// </para>
/// <para>
/// Tokens are taken from the shared bucket before they are used, so all processes together admit no more than its rate and burst, and in
/// any period at most one block more for each process: the blocks taken before it. While Redis is down, each process has a bucket alone.
/// </para>
/// </remarks>
internal sealed class RateBucket(string name, SharedTokens shared, TimeProvider time)
{
    // An idle process loses the tokens that it took ahead, or it would use them long after they were due.
    private static readonly TimeSpan s_blockLifetime = TimeSpan.FromSeconds(2);

    private const double SecondsOfBlock = 0.5;

    private readonly Lock _lock = new();
    private readonly TokenBucket _alone = new(time);
    private int _tokens;
    private long _takenAt;
    private long _refusedAt;
    private TimeSpan _refusedFor;
    private int _waiting;
    private Task? _refill;

    /// <summary>Gets the timestamp of the last request.</summary>
    public long UsedAt { get; private set; } = time.GetTimestamp();

    /// <summary>Gets the time for which every request is refused without asking; zero when the next one may be allowed.</summary>
    public TimeSpan RefusedFor
    {
        get
        {
            lock (_lock)
            {
                return LeftOfRefusal();
            }
        }
    }

    public ValueTask<RateDecision> TakeAsync(RateLimit limit, CancellationToken cancellationToken)
    {
        Task refill;
        lock (_lock)
        {
            UsedAt = time.GetTimestamp();
            if (TryDecide(limit) is { } decision)
            {
                return new(decision);
            }

            _waiting++;
            refill = _refill ??= RefillAsync(limit);
        }

        return new(WaitAsync(limit, refill, cancellationToken));
    }

    // Every refill ends with tokens, a refusal or the switch to the bucket of this process, so each turn lets some callers go.
    private async Task<RateDecision> WaitAsync(RateLimit limit, Task refill, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await refill.WaitAsync(cancellationToken);
                lock (_lock)
                {
                    if (TryDecide(limit) is { } decision)
                    {
                        return decision;
                    }

                    refill = _refill ??= RefillAsync(limit);
                }
            }
        }
        finally
        {
            lock (_lock)
            {
                _waiting--;
            }
        }
    }

    /// <returns><see langword="null"/> when the shared bucket has to be asked.</returns>
    private RateDecision? TryDecide(RateLimit limit)
    {
        if (_tokens > 0 && time.GetElapsedTime(_takenAt) < s_blockLifetime)
        {
            _tokens--;
            if (_tokens == BlockOf(limit) / 4 && _refill is null && _tokens > 0 && shared.TryUse())
            {
                _refill = RefillAsync(limit);
            }

            return RateDecision.Allowed;
        }

        _tokens = 0;
        if (LeftOfRefusal() is var left && left > TimeSpan.Zero)
        {
            return RateDecision.Refused(left);
        }

        if (_refill is not null || shared.TryUse())
        {
            return null;
        }

        var grant = _alone.Take(limit, 1);
        return grant.Tokens > 0 ? RateDecision.Allowed : Refuse(grant.RetryAfter);
    }

    private async Task RefillAsync(RateLimit limit)
    {
        // The caller holds the lock, and has to see this task before it ends.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        int wanted;
        long takenAt;
        lock (_lock)
        {
            wanted = Math.Clamp(_waiting, BlockOf(limit), limit.Burst);
            takenAt = time.GetTimestamp();
        }

        TokenGrant? grant = null;
        try
        {
            grant = await shared.TakeAsync(name, limit, wanted);
        }
        finally
        {
            lock (_lock)
            {
                _refill = null;
                if (grant is { Tokens: > 0 } granted)
                {
                    _tokens += granted.Tokens;
                    _takenAt = takenAt;
                }
                else if (grant is { } empty)
                {
                    Refuse(empty.RetryAfter);
                }
            }
        }
    }

    private RateDecision Refuse(TimeSpan retryAfter)
    {
        (_refusedAt, _refusedFor) = (time.GetTimestamp(), retryAfter);
        return RateDecision.Refused(retryAfter);
    }

    private TimeSpan LeftOfRefusal() =>
        _refusedFor == TimeSpan.Zero ? TimeSpan.Zero
        : _refusedFor - time.GetElapsedTime(_refusedAt) is var left && left > TimeSpan.Zero ? left
        : TimeSpan.Zero;

    private static int BlockOf(RateLimit limit) =>
        (int)Math.Clamp(Math.Min(limit.PerSecond * SecondsOfBlock, limit.Burst / 4.0), 1, int.MaxValue);
}
