using System.Diagnostics;
using MediaAspire.Core.Limits;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace MediaAspire.Tests.Limits;

/// <summary>Redis is killed, paused and restarted under limiters that are in use.</summary>
public sealed class RedisLossTests : IAsyncLifetime
{
    private static readonly RateLimit s_generous = new(2_000, 4_000);

    private TestRedis _redis = null!;
    private IConnectionMultiplexer _connection = null!;

    public async Task InitializeAsync()
    {
        _redis = await TestRedis.StartAsync();
        _connection = await _redis.ConnectAsync();
    }

    public async Task DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task Requests_go_on_while_Redis_is_dead_and_are_shared_again_after_it()
    {
        var limiter = Limiter();
        await WaitUntilSharedAsync(limiter, "first");
        Assert.Equal(40, await limiter.TakeManyAsync("shared", new RateLimit(0.001, 40), 50));
        using var stop = new CancellationTokenSource();
        var requests = Task.Run(() => SendAsync(limiter, stop.Token));

        await _redis.KillAsync();
        var clock = Stopwatch.StartNew();
        Assert.Equal(40, await limiter.TakeManyAsync("alone", new RateLimit(0.001, 40), 100));
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));

        await _redis.RestartAsync();
        await WaitUntilSharedAsync(limiter, "new");

        await stop.CancelAsync();
        var (allowed, failed) = await requests;
        Assert.Equal(0, failed);
        Assert.True(allowed > 1_000, $"{allowed} requests were allowed.");

        // What was taken before the crash is still taken: Redis keeps the buckets on its disk.
        Assert.Equal(0, await Limiter().TakeManyAsync("shared", new RateLimit(0.001, 40), 5));
    }

    [Fact]
    public async Task A_paused_Redis_delays_one_request_and_no_other()
    {
        var limiter = Limiter();
        await limiter.TakeManyAsync("a", s_generous, 10);

        _redis.Signal("STOP");
        try
        {
            var clock = Stopwatch.StartNew();
            for (var number = 0; number < 200; number++)
            {
                Assert.True((await limiter.TakeAsync($"new{number}", s_generous, CancellationToken.None)).IsAllowed);
            }

            Assert.InRange(clock.Elapsed, TimeSpan.FromMilliseconds(90), TimeSpan.FromSeconds(2));
        }
        finally
        {
            _redis.Signal("CONT");
        }
    }

    private static async Task<(int Allowed, int Failed)> SendAsync(SharedRateLimiter limiter, CancellationToken stop)
    {
        var (allowed, failed) = (0, 0);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                // Below the limit, so that each one is allowed.
                allowed += (await limiter.TakeAsync("busy", new RateLimit(1_000_000, 2_000_000), CancellationToken.None)).IsAllowed ? 1 : 0;
                await Task.Yield();
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                failed++;
            }
        }

        return (allowed, failed);
    }

    private SharedRateLimiter Limiter() => LimiterHarness.Limiter(new RedisTokenSource(
        _connection, Options.Create(new LimitOptions { CommandTimeout = TimeSpan.FromMilliseconds(100) }), TimeProvider.System));

    // Each try takes another bucket: one that a process counted alone stays so for a while.
    private async Task WaitUntilSharedAsync(SharedRateLimiter limiter, string name)
    {
        var number = 0;
        await Until.TrueAsync("a new bucket is in Redis", async () =>
        {
            var bucket = $"{name}{number++}";
            await limiter.TakeAsync(bucket, s_generous, CancellationToken.None);
            return await HasBucketAsync(bucket);
        });
    }

    private async Task<bool> HasBucketAsync(string name)
    {
        try
        {
            return await _connection.GetDatabase().KeyExistsAsync($"limits:{name}");
        }
        catch (RedisException)
        {
            return false;
        }
    }
}
