using MediaAspire.Core.Copies;
using MediaAspire.Core.Duties;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;

namespace MediaAspire.Tests.Copies;

public sealed class CopyThrottleTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private const long Hour = 3600;

    public Task InitializeAsync() => postgres.ClearAsync("copy_rates");

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Without_a_limit_everything_starts_at_once()
    {
        var throttle = Make(0);

        Assert.Equal(0, (await throttle.BeginAsync(1L << 40, default)).BytesPerSecond);
        Assert.Equal(0, (await throttle.BeginAsync(1L << 40, default)).BytesPerSecond);
    }

    [Fact]
    public async Task A_copy_waits_for_the_time_of_those_that_other_workers_have_begun()
    {
        await using var first = await Make(1000).BeginAsync(1000 * Hour, default);
        Assert.Equal(1000, first.BytesPerSecond);

        using var impatient = new CancellationTokenSource();
        var second = Make(1000).BeginAsync(1000 * Hour, impatient.Token);
        await WaitForOwedAsync(2 * 1000 * Hour);
        Assert.False(second.IsCompleted);

        // The time of a copy that is not made is free again.
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await WaitForOwedAsync(1000 * Hour);

        // Other duties have a rate of their own.
        await using var other = await Make(1000, DutyNames.Rebalance).BeginAsync(1000 * Hour, default);
    }

    [Fact]
    public async Task A_worker_s_copies_share_the_rate()
    {
        var throttle = Make(1000);

        await using var first = await throttle.BeginAsync(0, default);
        await using var second = await throttle.BeginAsync(0, default);
        Assert.Equal((1000, 500), (first.BytesPerSecond, second.BytesPerSecond));

        await second.DisposeAsync();
        await using var third = await throttle.BeginAsync(0, default);
        Assert.Equal(500, third.BytesPerSecond);
    }

    [Theory]
    [InlineData(CopyOutcome.Busy, 0)]
    [InlineData(CopyOutcome.Stored, 1)]
    [InlineData(CopyOutcome.Failed, 1)]
    [InlineData(null, 0)]
    public async Task A_copy_that_was_not_made_releases_its_time(CopyOutcome? outcome, int hours)
    {
        await using (var permit = await Make(1000).BeginAsync(1000 * Hour, default))
        {
            if (outcome is { } known)
            {
                permit.Settle(new(known));
            }
        }

        await WaitForOwedAsync(1000 * Hour * hours);
    }

    [Fact]
    public async Task Time_that_has_passed_is_no_longer_owed_and_is_not_saved_up()
    {
        await using var first = await Make(1000).BeginAsync(1000 * Hour, default);
        first.Settle(new(CopyOutcome.Stored));
        await postgres.ExecuteAsync("UPDATE copy_rates SET as_of = as_of - interval '2 hours'");

        await using var second = await Make(1000).BeginAsync(1000 * Hour, default);

        await WaitForOwedAsync(1000 * Hour);
    }

    private CopyThrottle Make(long rate, string duty = DutyNames.Repair) =>
        new(postgres.Database, duty, rate, TimeProvider.System, NullLogger.Instance);

    /// <summary>Waits until a number of bytes is owed, within a minute's worth.</summary>
    private async Task WaitForOwedAsync(long bytes)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (Math.Abs(await postgres.ScalarAsync<double>("SELECT owed FROM copy_rates WHERE duty = 'repair'") - bytes) > 60 * 1000)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, limit.Token);
        }
    }
}
