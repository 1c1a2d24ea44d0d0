using System.Diagnostics;
using MediaAspire.Core.Limits;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Limits;

/// <summary>The contract of token buckets, in this process and in Redis.</summary>
public abstract class TokenSourceTests
{
    // A bucket that gets no token during the test.
    private static readonly RateLimit s_still = new(0.001, 10);

    internal abstract ITokenSource Source { get; }

    [Fact]
    public async Task A_new_bucket_is_full_and_never_gives_more_than_it_has()
    {
        Assert.Equal(3, (await Source.TakeAsync("a", s_still, 3)).Tokens);
        Assert.Equal(7, (await Source.TakeAsync("a", s_still, 25)).Tokens);

        var empty = await Source.TakeAsync("a", s_still, 1);
        Assert.Equal(0, empty.Tokens);
        Assert.InRange(empty.RetryAfter, TimeSpan.FromSeconds(900), TimeSpan.FromSeconds(1000));
        Assert.Equal(10, (await Source.TakeAsync("b", s_still, 10)).Tokens);
    }

    [Fact]
    public async Task A_bucket_fills_at_its_rate_and_after_the_time_that_it_named()
    {
        var limit = new RateLimit(20, 4);
        var clock = Stopwatch.StartNew();
        var taken = 0L;
        var turns = 0;
        while (turns < 20)
        {
            var asked = Stopwatch.StartNew();
            var grant = await Source.TakeAsync("a", limit, 1);
            taken += grant.Tokens;
            Assert.InRange(taken, 0, limit.Burst + (clock.Elapsed.TotalSeconds * limit.PerSecond) + 0.001);
            if (grant.Tokens == 0)
            {
                Assert.InRange(grant.RetryAfter, TimeSpan.FromTicks(1), TimeSpan.FromMilliseconds(51));
                await Until.TrueAsync("there is a token", async () => (await Source.TakeAsync("a", limit, 1)).Tokens == 1);
                Assert.True(asked.Elapsed >= grant.RetryAfter - TimeSpan.FromMilliseconds(2), $"{asked.Elapsed}, not {grant.RetryAfter}");
                taken++;
                turns++;
            }
        }
    }

    [Fact]
    public async Task Racing_callers_get_every_token_once()
    {
        var grants = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Source.TakeAsync("a", new RateLimit(0.001, 40), 1)));

        Assert.Equal(40, grants.Sum(grant => grant.Tokens));
    }

    [Fact]
    public async Task A_limit_that_was_lowered_holds_at_once()
    {
        await Source.TakeAsync("a", new RateLimit(0.001, 1_000), 1);

        Assert.Equal(5, (await Source.TakeAsync("a", new RateLimit(0.001, 5), 100)).Tokens);
    }
}

public sealed class LocalTokenSourceTests : TokenSourceTests
{
    internal override ITokenSource Source { get; } = new TestTokens();
}

public sealed class RedisTokenSourceTests(RedisFixture redis) : TokenSourceTests, IClassFixture<RedisFixture>, IAsyncLifetime
{
    private readonly IOptions<LimitOptions> _options = Options.Create(new LimitOptions { CommandTimeout = TimeSpan.FromSeconds(5) });

    internal override ITokenSource Source => new RedisTokenSource(redis.Connection, _options, TimeProvider.System);

    public Task InitializeAsync() => redis.ClearAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_refusal_writes_nothing_and_a_bucket_that_is_full_again_is_gone()
    {
        await Source.TakeAsync("a", new RateLimit(1_000, 10), 10);
        var database = redis.Connection.GetDatabase();
        Assert.True(await database.KeyExistsAsync("limits:a"));
        Assert.InRange((await database.KeyTimeToLiveAsync("limits:a"))!.Value, TimeSpan.Zero, TimeSpan.FromSeconds(1.1));

        await Source.TakeAsync("b", new RateLimit(0.001, 1), 1);
        var before = await database.HashGetAllAsync("limits:b");
        await Source.TakeAsync("b", new RateLimit(0.001, 1), 1);
        Assert.Equal(before, await database.HashGetAllAsync("limits:b"));
    }
}
