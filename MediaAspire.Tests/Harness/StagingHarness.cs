using MediaAspire.Core.Ids;
using MediaAspire.Core.Staging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace MediaAspire.Tests.Harness;

/// <summary>Short-term storage in a Redis server of the test.</summary>
internal sealed class StagingHarness : IAsyncDisposable
{
    private readonly ServiceProvider _services =
        new ServiceCollection().AddMetrics().AddSingleton(TimeProvider.System).BuildServiceProvider();

    private StagingHarness(TestRedis redis, IConnectionMultiplexer connection, StagingOptions options)
    {
        Redis = redis;
        Connection = connection;
        Metrics = ActivatorUtilities.CreateInstance<StagingMetrics>(_services);
        Area = new StagingArea(connection, Options.Create(options), Metrics, TimeProvider.System, NullLogger<StagingArea>.Instance);
    }

    public TestRedis Redis { get; }

    public IConnectionMultiplexer Connection { get; }

    public StagingMetrics Metrics { get; }

    public StagingArea Area { get; }

    public static async Task<StagingHarness> StartAsync(StagingOptions? options = null, params string[] redisSettings)
    {
        var redis = await TestRedis.StartAsync(redisSettings);
        return new(redis, await redis.ConnectAsync(), options ?? new StagingOptions());
    }

    /// <summary>Stages bytes and commits them.</summary>
    public async Task<StagedValue> StageAsync(byte[] bytes)
    {
        await using var writer = Area.Create();
        await writer.WriteAsync(bytes, CancellationToken.None);
        var value = await writer.CompleteAsync(CancellationToken.None);
        writer.Keep();
        return value;
    }

    public async Task<byte[]> ReadAsync(StagingId id, long size, long offset = 0)
    {
        await using var stream = new StagedStream(Area.ReadAsync(id, size, offset, CancellationToken.None), CancellationToken.None);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    /// <summary>Asserts that staging has no keys left, except an accounting of 0.</summary>
    public async Task AssertEmptyAsync()
    {
        var figures = await Area.MeasureAsync(CancellationToken.None);
        Assert.Equal(new StagingFigures(0, 0, TimeSpan.Zero), figures);

        var keys = (string[])(await Connection.GetDatabase().ScriptEvaluateAsync("return redis.call('KEYS', '*')"))!;
        Assert.DoesNotContain(keys, key => key is not ("staging:bytes" or StagingArea.OwnerKey));
    }

    public async ValueTask DisposeAsync()
    {
        Connection.Dispose();
        await Redis.DisposeAsync();
        await _services.DisposeAsync();
    }
}
