using System.Globalization;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace MediaAspire.Core.Limits;

/// <summary>Token buckets in Redis, which all processes share. Times are Redis's own. Thread-safe.</summary>
internal sealed class RedisTokenSource(IConnectionMultiplexer redis, IOptions<LimitOptions> options, TimeProvider time) : ITokenSource
{
    private const string KeyPrefix = "limits:";

    // KEYS bucket; ARGV tokens a second, most tokens, wanted tokens. A refusal writes nothing: the same state gives the same answer later.
    private const string Take = """
        local rate, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
        local clock = redis.call('TIME')
        local now = clock[1] * 1000000 + clock[2]
        local state = redis.call('HMGET', KEYS[1], 'tokens', 'since')
        local saved = burst
        if state[1] then
          local elapsed = math.max(0, now - tonumber(state[2]))
          saved = math.min(burst, tonumber(state[1]) + elapsed * rate / 1000000)
        end
        local taken = math.min(tonumber(ARGV[3]), math.floor(saved))
        if taken == 0 then return { 0, math.ceil((1 - saved) / rate * 1000) } end
        redis.call('HSET', KEYS[1], 'tokens', saved - taken, 'since', now)
        redis.call('PEXPIRE', KEYS[1], math.ceil(burst / rate * 1000) + 1000)
        return { taken, 0 }
        """;

    public async Task<TokenGrant> TakeAsync(string name, RateLimit limit, int wanted)
    {
        try
        {
            var reply = (long[])(await redis.GetDatabase()
                .ScriptEvaluateAsync(
                    Take,
                    [KeyPrefix + name],
                    [limit.PerSecond.ToString("R", CultureInfo.InvariantCulture), limit.Burst, wanted])
                .WaitAsync(options.Value.CommandTimeout, time))!;
            return new((int)reply[0], TimeSpan.FromMilliseconds(reply[1]));
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            throw new TokensUnavailableException($"Redis did not serve the token bucket '{name}': {failure.Message}", failure);
        }
    }
}
