using MediaAspire.Core.Buckets;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Notifications;

/// <summary>The bounds of what a target may leave on the disk.</summary>
public sealed class NotificationRetentionTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private readonly NotifyingBuckets _world = new(postgres);

    public async Task InitializeAsync()
    {
        await _world.ClearAsync();
        var bucket = await _world.CreateAsync("films", BucketVersioning.Off, NotifyingBuckets.Rule());
        for (var i = 0; i < 10; i++)
        {
            await _world.PutAsync(bucket, $"key-{i}");
        }
    }

    public Task DisposeAsync() => _world.ClearAsync();

    [Fact]
    public async Task Beyond_a_number_the_oldest_pending_events_become_dead_letters_and_the_oldest_of_these_are_lost()
    {
        using var worker = new NotificationWorker(postgres, url: null, ("MaxPending", "4"), ("MaxDead", "5"));

        await worker.TrimAsync();

        Assert.Equal(
            "dead key-1,dead key-2,dead key-3,dead key-4,dead key-5,pending key-6,pending key-7,pending key-8,pending key-9",
            await StatesAsync());
        Assert.Equal(1, Assert.Single(await _world.Queries.ReadStatesAsync(default)).Lost);
    }

    [Fact]
    public async Task Old_events_leave_by_their_state()
    {
        await postgres.ExecuteAsync(
            """
            UPDATE notification_events SET
                state = CASE WHEN key < 'key-4' THEN 'pending' WHEN key < 'key-7' THEN 'dead' ELSE 'delivered' END,
                occurred_at = CASE WHEN key IN ('key-0', 'key-1') THEN now() - interval '2 days' ELSE now() END,
                due_at = CASE WHEN key IN ('key-4', 'key-7') THEN now() - interval '2 days' ELSE now() END
            """);
        using var worker = new NotificationWorker(
            postgres, url: null, ("MaxAge", "1.00:00:00"), ("DeadRetention", "1.00:00:00"), ("DeliveredRetention", "1.00:00:00"));

        await worker.TrimAsync();

        Assert.Equal(
            "dead key-0,dead key-1,pending key-2,pending key-3,dead key-5,dead key-6,delivered key-8,delivered key-9", await StatesAsync());
    }

    [Fact]
    public async Task Delivered_events_are_kept_up_to_a_number()
    {
        await postgres.ExecuteAsync("UPDATE notification_events SET state = 'delivered'");
        using var worker = new NotificationWorker(postgres, url: null, ("MaxDelivered", "2"));

        Assert.Equal(8, await worker.TrimAsync());

        Assert.Equal("delivered key-8,delivered key-9", await StatesAsync());
    }

    private async Task<string?> StatesAsync() =>
        await postgres.ScalarAsync<string>("SELECT string_agg(state || ' ' || key, ',' ORDER BY sequence) FROM notification_events");
}
