using MediaAspire.Core.Limits;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Limits;

public sealed class SharedRateLimiterTests
{
    private static readonly RateLimit s_still = new(0.001, 40);

    [Fact]
    public async Task A_sender_below_its_limit_costs_few_calls()
    {
        var source = new TestTokens();
        var limiter = LimiterHarness.Limiter(source);

        var allowed = await limiter.TakeManyAsync("a", new RateLimit(100_000, 100_000), 50_000);

        Assert.Equal(50_000, allowed);
        Assert.InRange(source.Calls, 1, 5);
    }

    [Fact]
    public async Task A_sender_above_its_limit_is_refused_with_the_time_and_without_calls()
    {
        var source = new TestTokens();
        var limiter = LimiterHarness.Limiter(source);

        Assert.Equal(40, await limiter.TakeManyAsync("a", s_still, 41));
        var calls = source.Calls;
        var refused = await limiter.TakeAsync("a", s_still, CancellationToken.None);
        Assert.Equal(0, await limiter.TakeManyAsync("a", s_still, 1_000));

        Assert.False(refused.IsAllowed);
        Assert.InRange(refused.RetryAfter, TimeSpan.FromSeconds(900), TimeSpan.FromSeconds(1000));
        Assert.InRange(limiter.RefusedFor("a"), TimeSpan.FromSeconds(900), TimeSpan.FromSeconds(1000));
        Assert.Equal(TimeSpan.Zero, limiter.RefusedFor("b"));
        Assert.Equal(calls, source.Calls);
        Assert.Equal(1, await limiter.TakeManyAsync("b", s_still, 1));
    }

    [Fact]
    public async Task Racing_senders_in_several_processes_get_the_burst_together_and_no_more()
    {
        var source = new TestTokens();
        var limiters = Enumerable.Range(0, 4).Select(_ => LimiterHarness.Limiter(source)).ToList();

        var allowed = await Task.WhenAll(Enumerable.Range(0, 64).Select(number =>
            Task.Run(() => limiters[number % limiters.Count].TakeManyAsync("a", new RateLimit(0.001, 1_000), 50))));

        Assert.Equal(1_000, allowed.Sum());
    }

    [Fact]
    public async Task Tokens_taken_ahead_and_not_used_in_time_are_lost()
    {
        var time = new ManualTime();
        var source = new TestTokens(time);
        var limiter = LimiterHarness.Limiter(source, time);
        var limit = new RateLimit(8, 16);
        Assert.Equal(1, await limiter.TakeManyAsync("a", limit, 1));

        time.Advance(TimeSpan.FromSeconds(2));

        // The bucket is full again, and the three tokens of the old block are not added to it.
        Assert.Equal(16, await limiter.TakeManyAsync("a", limit, 30));
    }

    [Fact]
    public async Task Without_the_source_each_process_limits_alone_and_returns_to_it()
    {
        var time = new ManualTime();
        var source = new TestTokens(time) { Fails = true };
        var limiter = LimiterHarness.Limiter(source, time);

        Assert.Equal(40, await limiter.TakeManyAsync("a", s_still, 100));
        Assert.Equal(40, await limiter.TakeManyAsync("b", s_still, 100));
        Assert.Equal(1, source.Calls);

        time.Advance(SharedTokens.Pause);
        Assert.Equal(10, await limiter.TakeManyAsync("c", s_still, 10));
        Assert.Equal(2, source.Calls);

        source.Fails = false;
        time.Advance(SharedTokens.Pause);
        Assert.Equal(40, await limiter.TakeManyAsync("c", s_still, 100));
        Assert.InRange(source.Calls, 3, 60);
    }

    [Fact]
    public async Task A_caller_that_disconnects_waits_no_longer_and_takes_nothing()
    {
        var source = new TestTokens();
        var limiter = LimiterHarness.Limiter(source);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => limiter.TakeAsync("a", new RateLimit(0.001, 1), new CancellationToken(canceled: true)).AsTask());

        Assert.Equal(1, await limiter.TakeManyAsync("a", new RateLimit(0.001, 1), 5));
    }
}
