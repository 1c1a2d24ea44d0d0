using MediaAspire.Core.Limits;

namespace MediaAspire.Tests.Harness;

/// <summary>Token buckets in memory that several limiters may share, and that can fail. Thread-safe.</summary>
internal sealed class TestTokens(TimeProvider? time = null) : ITokenSource
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, TokenBucket> _buckets = [];
    private int _calls;

    public int Calls => Volatile.Read(ref _calls);

    public bool Fails { get; set; }

    public async Task<TokenGrant> TakeAsync(string name, RateLimit limit, int wanted)
    {
        await Task.Yield();
        Interlocked.Increment(ref _calls);
        if (Fails)
        {
            throw new TokensUnavailableException("The source fails.", new TimeoutException());
        }

        lock (_lock)
        {
            if (!_buckets.TryGetValue(name, out var bucket))
            {
                _buckets.Add(name, bucket = new TokenBucket(time ?? TimeProvider.System));
            }

            return bucket.Take(limit, wanted);
        }
    }
}
