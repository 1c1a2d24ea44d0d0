using MediaAspire.Core.Buckets;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Lifecycle;
using MediaAspire.Core.Objects;
using MediaAspire.Tests.Harness;
using MediaAspire.Tests.Lifecycle;
using Npgsql;

namespace MediaAspire.Tests.Notifications;

/// <summary>The events that the statements which write and remove versions record.</summary>
public sealed class OutboxTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private readonly NotifyingBuckets _world = new(postgres);

    public Task InitializeAsync() => _world.ClearAsync();

    public Task DisposeAsync() => _world.ClearAsync();

    [Fact]
    public async Task A_bucket_without_rules_records_nothing()
    {
        var bucket = await _world.CreateAsync("films", BucketVersioning.Off);

        await _world.PutAsync(bucket, "a");
        await _world.Objects.DeleteAsync(bucket, "a", "alice", DeletionConditions.None, default);

        Assert.Equal(0, await postgres.ScalarAsync<long>("SELECT count(*) FROM notification_events"));
    }

    [Fact]
    public async Task A_put_that_is_rolled_back_leaves_no_event()
    {
        var bucket = await _world.CreateAsync("films", BucketVersioning.Off, NotifyingBuckets.Rule());
        await using (var connection = await postgres.Database.OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await using var batch = new NpgsqlBatch(connection, transaction);
            batch.BatchCommands.Add(NotifyingBuckets.Put(bucket, "a"));
            await batch.ExecuteNonQueryAsync();
            await transaction.RollbackAsync();
        }

        await Assert.ThrowsAsync<PostgresException>(() => PutRefusedAsync(bucket));

        Assert.Empty(await _world.EventsAsync());
    }

    [Fact]
    public async Task Every_kind_of_write_has_its_name_and_an_overwrite_is_one_event()
    {
        var bucket = await _world.CreateAsync("films", BucketVersioning.Off, NotifyingBuckets.Rule());

        foreach (var origin in Enum.GetValues<VersionOrigin>())
        {
            await _world.PutAsync(bucket, "a", origin);
        }

        await _world.Objects.DeleteAsync(bucket, "a", "alice", DeletionConditions.None, default);
        await _world.Objects.DeleteAsync(bucket, "missing", "alice", DeletionConditions.None, default);

        Assert.Equal(
            [
                "ObjectCreated:Put a", "ObjectCreated:Post a", "ObjectCreated:Copy a", "ObjectCreated:CompleteMultipartUpload a",
                "ObjectRemoved:Delete a",
            ],
            await _world.EventsAsync());
    }

    [Fact]
    public async Task With_versioning_a_deletion_tells_of_its_marker_and_a_removed_version_of_its_id()
    {
        var bucket = await _world.CreateAsync("films", BucketVersioning.Enabled, NotifyingBuckets.Rule());
        await _world.PutAsync(bucket, "a");
        var version = new VersionId(await postgres.ScalarAsync<Guid>("SELECT version_id FROM objects"));

        var hidden = await _world.Objects.DeleteAsync(bucket, "a", "alice", DeletionConditions.None, default);
        await _world.Objects.DeleteVersionAsync(bucket, "a", version, DeletionConditions.None, default);
        await _world.Objects.DeleteVersionAsync(bucket, "a", hidden.Marker!.Id, DeletionConditions.None, default);

        Assert.Equal(
            ["ObjectCreated:Put a", "ObjectRemoved:DeleteMarkerCreated a", "ObjectRemoved:Delete a", "ObjectRemoved:Delete a"],
            await _world.EventsAsync());
        var events = await _world.Outbox.ReadDueAsync(NotifyingBuckets.Target, 10, default);
        Assert.Equal(
            [version, hidden.Marker.Id, version, hidden.Marker.Id], events.Select(told => told.Version.Id));
        Assert.All(events, told => Assert.False(told.Version.IsNull));
    }

    [Fact]
    public async Task A_deletion_of_many_tells_of_each_that_existed()
    {
        var bucket = await _world.CreateAsync("films", BucketVersioning.Off, NotifyingBuckets.Rule());
        await _world.PutAsync(bucket, "a");
        await _world.PutAsync(bucket, "b");

        await _world.Objects.DeleteManyAsync(bucket, [new("b"), new("missing"), new("a")], "alice", default);

        Assert.Equal(
            ["ObjectCreated:Put a", "ObjectCreated:Put b", "ObjectRemoved:Delete b", "ObjectRemoved:Delete a"], await _world.EventsAsync());
    }

    [Fact]
    public async Task Lifecycle_rules_have_events_of_their_own()
    {
        using var expiring = await ExpiringBuckets.StartAsync(postgres);
        var rule = new LifecycleRule("all", IsEnabled: true, new LifecycleFilter { Prefix = "" }) { Days = 1 };
        var plain = await expiring.CreateAsync("films", BucketVersioning.Off, rule);
        var versioned = await expiring.CreateAsync("shows", BucketVersioning.Enabled, rule);
        await expiring.PutAsync(plain, "a", age: 3);
        await expiring.PutAsync(versioned, "b", age: 3);
        await _world.SetRulesAsync(plain, NotifyingBuckets.Rule());
        await _world.SetRulesAsync(versioned, NotifyingBuckets.Rule());

        await expiring.RunAsync();

        Assert.Equal(
            ["LifecycleExpiration:Delete a", "LifecycleExpiration:DeleteMarkerCreated b"], (await _world.EventsAsync()).Order());
    }

    [Fact]
    public async Task Rules_select_by_event_prefix_and_suffix_and_each_target_is_told_once()
    {
        var bucket = await _world.CreateAsync(
            "films",
            BucketVersioning.Off,
            NotifyingBuckets.Rule("first", prefix: "media/", suffix: ".bin", events: "s3:ObjectCreated:*"),
            NotifyingBuckets.Rule("first", prefix: "media/", suffix: ".bin", events: "s3:ObjectRemoved:Delete"),
            NotifyingBuckets.Rule("second", events: "s3:ObjectCreated:Copy"));
        foreach (var key in new[] { "media/a.bin", "media/a.txt", "other/a.bin", "media/.bin", "media", "%%%", "media_/a.bin" })
        {
            await _world.PutAsync(bucket, key);
        }

        await _world.PutAsync(bucket, "media/b.bin", VersionOrigin.Copy);
        await _world.Objects.DeleteAsync(bucket, "media/a.bin", "alice", DeletionConditions.None, default);

        Assert.Equal(
            [
                "ObjectCreated:Put media/a.bin", "ObjectCreated:Put media/.bin", "ObjectCreated:Copy media/b.bin",
                "ObjectRemoved:Delete media/a.bin",
            ],
            await _world.EventsAsync());
        Assert.Equal(["ObjectCreated:Copy media/b.bin"], await _world.EventsAsync("second"));
    }

    [Fact]
    public async Task Sequence_numbers_have_the_order_of_a_keys_changes_under_16_concurrent_writers()
    {
        var bucket = await _world.CreateAsync("films", BucketVersioning.Enabled, NotifyingBuckets.Rule());

        await Task.WhenAll(Enumerable.Range(0, 16).Select(async writer =>
        {
            for (var i = 0; i < 40; i++)
            {
                await _world.PutAsync(bucket, $"key-{(writer + i) % 5}");
            }
        }));

        Assert.Equal(640, await _world.CountAsync("pending"));
        Assert.Equal(
            0,
            await postgres.ScalarAsync<long>(
                """
                SELECT count(*) FROM (
                    SELECT o.position, lag(o.position) OVER (PARTITION BY e.key ORDER BY e.sequence) AS before
                    FROM notification_events e JOIN objects o USING (version_id)) AS pairs
                WHERE before > position
                """));
    }

    [Fact]
    public async Task Only_an_event_that_waits_alone_wakes_the_sender()
    {
        var bucket = await _world.CreateAsync("films", BucketVersioning.Off, NotifyingBuckets.Rule());
        await using var listening = await postgres.Database.OpenConnectionAsync();
        await using (var listen = new NpgsqlCommand("LISTEN duty_wanted", listening))
        {
            await listen.ExecuteNonQueryAsync();
        }

        var heard = new List<string>();
        listening.Notification += (_, signal) => heard.Add(signal.Payload);
        await _world.PutAsync(bucket, "a");
        await _world.PutAsync(bucket, "b");
        await _world.Outbox.DeliverAsync(await _world.Outbox.ReadDueAsync(NotifyingBuckets.Target, 10, default), default);
        await _world.PutAsync(bucket, "c");

        // The answers of a statement come after the signals of the commits before it.
        await using var flush = new NpgsqlCommand("SELECT 1", listening);
        await flush.ExecuteNonQueryAsync();
        await Until.TrueAsync("the signals have come", async () =>
        {
            await flush.ExecuteNonQueryAsync();
            return heard.Count >= 2;
        });
        Assert.Equal(["notifications:first", "notifications:first"], heard);
    }

    private async Task PutRefusedAsync(BucketId bucket)
    {
        await using var batch = postgres.Database.CreateBatch();
        batch.BatchCommands.Add(NotifyingBuckets.Put(bucket, "a"));
        batch.BatchCommands.Add(new("SELECT require_written('precondition-failed')"));
        await batch.ExecuteNonQueryAsync();
    }
}
