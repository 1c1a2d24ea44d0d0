using System.Globalization;
using MediaAspire.Tests.Harness;
using Xunit.Abstractions;

namespace MediaAspire.Tests.Media.Redis;

/// <summary>No read is older than a write that was acknowledged before it, whatever happens to Redis.</summary>
public sealed class ConsistencyTests(PostgresFixture postgres, ITestOutputHelper output) : IClassFixture<PostgresFixture>
{
    private static readonly TimeSpan s_short = TimeSpan.FromSeconds(12);

    // MEDIAASPIRE_CONSISTENCY_SECONDS makes the run longer, MEDIAASPIRE_CONSISTENCY_SEED repeats the order of the faults.
    [Fact]
    public async Task No_read_is_stale_while_Redis_is_killed_emptied_and_paused()
    {
        var duration = Setting("SECONDS") is { } seconds ? TimeSpan.FromSeconds(seconds) : s_short;
        var seed = Setting("SEED") ?? Environment.TickCount;
        await using var redis = await TestRedis.StartAsync("--appendfsync", "everysec");
        await using var first = await MetadataReplica.StartAsync(postgres, redis);
        await using var second = await MetadataReplica.StartAsync(postgres, redis);
        await using var worker = await MetadataReplica.StartAsync(postgres, redis);
        await worker.OpenAsync();
        await using var chaos = new RedisChaos(redis, seed);
        using var run = new ConsistencyRun([first.Store, second.Store]);
        using var ended = new CancellationTokenSource(duration);

        await Task.WhenAll(
            run.RunAsync(writers: 4, readers: 4, ended.Token),
            chaos.RunAsync(TimeSpan.FromMilliseconds(700), ended.Token),
            OpenAsync(worker, ended.Token));

        output.WriteLine(
            $"seed {seed}, {duration.TotalSeconds} s: {run.Reads} reads ({first.Reads("hit") + second.Reads("hit")} from Redis, "
            + $"{first.Reads("bypass") + second.Reads("bypass")} while it was closed), {run.Writes} writes, {run.Faults} unknown, "
            + $"{worker.Lease.Last!.Number} generations, {run.Stale.Count} stale; "
            + string.Join(", ", chaos.Counts.OrderBy(pair => pair.Key).Select(pair => $"{pair.Value} x {pair.Key}")));
        Assert.True(run.Stale.Count == 0, $"Seed {seed}: {run.Stale.Count} stale:\n" + string.Join('\n', run.Stale.Take(20)));
        Assert.True(first.Reads("hit") > 0 && second.Reads("hit") > 0, "No read was answered by Redis.");
    }

    private static int? Setting(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable($"MEDIAASPIRE_CONSISTENCY_{name}"), CultureInfo.InvariantCulture, out var value)
            ? value : null;

    private static async Task OpenAsync(MetadataReplica worker, CancellationToken ended)
    {
        while (!ended.IsCancellationRequested)
        {
            await worker.Opener.TryOpenAsync(CancellationToken.None);
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
        }
    }
}
