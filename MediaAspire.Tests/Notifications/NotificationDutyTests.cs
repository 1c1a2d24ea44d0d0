using MediaAspire.Core.Buckets;
using MediaAspire.Core.Duties;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Notifications;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MediaAspire.Tests.Notifications;

/// <summary>The delivery of events to a real HTTP server.</summary>
public sealed class NotificationDutyTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private readonly NotifyingBuckets _world = new(postgres);
    private TestTarget _target = null!;
    private BucketId _bucket;

    public async Task InitializeAsync()
    {
        await _world.ClearAsync();
        await postgres.ClearAsync("duty_leases");
        _target = await TestTarget.StartAsync();
        _bucket = await _world.CreateAsync("films", BucketVersioning.Off, NotifyingBuckets.Rule());
    }

    public async Task DisposeAsync()
    {
        await _target.DisposeAsync();
        await _world.ClearAsync();
    }

    [Fact]
    public async Task Events_are_delivered_in_batches_and_each_keys_in_its_order()
    {
        for (var i = 0; i < 20; i++)
        {
            foreach (var key in "abcdefgh")
            {
                await _world.PutAsync(_bucket, key.ToString());
            }
        }

        using var worker = new NotificationWorker(postgres, _target.Url, ("Targets:first:Token", "a-token"));

        Assert.Equal(160, await worker.RunAsync());

        Assert.Equal(160, await _world.CountAsync("delivered"));
        Assert.InRange(_target.Requests.Count, 16, 32);
        Assert.All(_target.Authorizations, authorization => Assert.Equal("Bearer a-token", authorization));
        foreach (var key in _target.Received.GroupBy(record => record.Key))
        {
            Assert.Equal(20, key.Count());
            Assert.Equal(key.Select(record => record.Sequencer).Order(StringComparer.Ordinal), key.Select(record => record.Sequencer));
        }
    }

    [Fact]
    public async Task A_worker_that_ends_between_the_request_and_its_record_leads_to_a_second_delivery()
    {
        await _world.PutAsync(_bucket, "a");
        using var killed = new CancellationTokenSource();
        _target.Respond = async _ =>
        {
            await killed.CancelAsync();
            return 204;
        };
        using var worker = new NotificationWorker(postgres, _target.Url);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => worker.RunAsync(killed.Token));
        Assert.Equal(1, await _world.CountAsync("pending"));
        _target.Respond = _ => Task.FromResult(200);

        Assert.Equal(1, await worker.RunAsync());

        Assert.Equal(2, _target.Received.Count);
        Assert.Single(_target.Received.Distinct());
        Assert.Equal(1, await _world.CountAsync("delivered"));
    }

    [Fact]
    public async Task A_refused_event_waits_longer_each_time_holds_its_key_only_and_ends_as_a_dead_letter()
    {
        _target.Respond = keys => Task.FromResult(keys.Contains("bad") ? 400 : 200);
        await _world.PutAsync(_bucket, "bad");
        await _world.PutAsync(_bucket, "good");
        await _world.PutAsync(_bucket, "bad");
        using var worker = new NotificationWorker(
            postgres, _target.Url, ("MaxAttempts", "3"), ("FirstDelay", "00:01:00"), ("LongestDelay", "00:01:30"), ("MaxConcurrency", "1"));

        // The whole batch is refused, then its events go alone.
        await worker.RunAsync();
        Assert.Equal([["bad", "good", "bad"]], _target.Requests);
        Assert.Equal(60, await PauseAsync(1));
        await SkipPauseAsync();
        await worker.RunAsync();
        Assert.Equal(["good"], await KeysAsync("delivered"));
        Assert.Equal(90, await PauseAsync(2));
        Assert.Equal(0, await worker.RunAsync());
        await SkipPauseAsync();
        await worker.RunAsync();

        // The second event of the key had its chance after the first one was dead.
        Assert.Equal(["bad"], await KeysAsync("dead"));
        Assert.Equal(1, await _world.CountAsync("pending"));
        var dead = Assert.Single(await _world.Queries.ListAsync(NotifyingBuckets.Target, NotificationState.Dead, 0, 10, default));
        Assert.Equal((3, "The target responded with 400."), (dead.Event.Attempts, dead.Error));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_target_that_does_not_work_pauses_as_a_whole_and_no_event_dies(int status)
    {
        _target.Respond = _ => Task.FromResult(status);
        await _world.PutAsync(_bucket, "a");
        using var worker = new NotificationWorker(
            postgres, _target.Url, ("MaxAttempts", "1"), ("FirstDelay", "00:01:00"), ("LongestDelay", "00:03:00"));

        foreach (var pause in new[] { 60, 120, 180, 180 })
        {
            await worker.RunAsync();
            Assert.Equal(0, await worker.RunAsync());
            Assert.Equal(pause, await postgres.ScalarAsync<int>(
                "SELECT round(extract(epoch FROM retry_at - now()))::int FROM notification_targets"), tolerance: 2);
            await postgres.ExecuteAsync("UPDATE notification_targets SET retry_at = now()");
        }

        Assert.Equal(4, _target.Requests.Count);
        Assert.Equal(0, await postgres.ScalarAsync<int>("SELECT attempts FROM notification_events"));
        _target.Respond = _ => Task.FromResult(200);
        Assert.Equal(1, await worker.RunAsync());
        Assert.Equal(0, await postgres.ScalarAsync<int>("SELECT failures FROM notification_targets"));
    }

    [Fact]
    public async Task A_target_that_refuses_every_key_is_spared()
    {
        _target.Respond = _ => Task.FromResult(404);
        for (var i = 0; i < 20; i++)
        {
            await _world.PutAsync(_bucket, $"key-{i}");
        }

        using var worker = new NotificationWorker(postgres, _target.Url, ("FirstDelay", "00:01:00"));

        await worker.RunAsync();
        await postgres.ExecuteAsync("UPDATE notification_events SET due_at = now()");
        Assert.Equal(0, await worker.RunAsync());

        Assert.InRange(_target.Requests.Count, 2, 8);
        Assert.Contains("20 keys", await postgres.ScalarAsync<string>("SELECT error FROM notification_targets"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirects_are_not_followed_and_no_address_but_the_operators_is_called()
    {
        _target.Respond = _ => Task.FromResult(307);
        await _world.PutAsync(_bucket, "a");
        using var worker = new NotificationWorker(postgres, _target.Url);

        Assert.Equal(0, await worker.RunAsync());

        Assert.Single(_target.Requests);
    }

    [Fact]
    public async Task A_replay_sends_delivered_and_dead_events_from_a_sequence_number_again()
    {
        foreach (var key in new[] { "a", "b", "c" })
        {
            await _world.PutAsync(_bucket, key);
        }

        _target.Respond = keys => Task.FromResult(keys.Contains("c") ? 400 : 200);
        using var worker = new NotificationWorker(postgres, _target.Url, ("MaxAttempts", "1"), ("BatchSize", "1"));
        await worker.RunAsync();
        Assert.Equal(["a", "b"], await KeysAsync("delivered"));
        Assert.Equal(["c"], await KeysAsync("dead"));
        var second = await postgres.ScalarAsync<long>("SELECT sequence FROM notification_events WHERE key = 'b'");
        _target.Respond = _ => Task.FromResult(200);
        _target.Received.Clear();

        var wake = DutySignals.Wake(DutyNames.NotificationsTo(NotifyingBuckets.Target));
        Assert.Equal(2, await _world.Queries.ReplayAsync(NotifyingBuckets.Target, second, long.MaxValue, null, wake, default));
        Assert.Equal(2, await worker.RunAsync());

        Assert.Equal(["b", "c"], _target.Received.Select(record => record.Key).Order());
        Assert.Equal(3, await _world.CountAsync("delivered"));
    }

    [Fact]
    public async Task A_slow_or_dead_target_never_blocks_another_one_and_signals_wake_the_sender()
    {
        var never = new TaskCompletionSource<int>();
        await using var slow = await TestTarget.StartAsync();
        slow.Respond = _ => never.Task;
        await _world.SetRulesAsync(
            _bucket, NotifyingBuckets.Rule("slow"), NotifyingBuckets.Rule("gone"), NotifyingBuckets.Rule());
        using var worker = new NotificationWorker(
            postgres, _target.Url, ("Targets:slow:Url", slow.Url), ("Targets:gone:Url", "http://127.0.0.1:1/"), ("Timeout", "00:05:00"));
        await worker.StartAsync();
        try
        {
            for (var i = 1; i <= 3; i++)
            {
                await _world.PutAsync(_bucket, $"key-{i}");
                await Until.TrueAsync("the event has come", () => Task.FromResult(_target.Received.Count == i));
            }

            await Until.TrueAsync("the slow target has a request", () => Task.FromResult(!slow.Requests.IsEmpty));
            Assert.Equal(3, await _world.CountAsync("pending", "slow"));
            Assert.Equal(3, await _world.CountAsync("pending", "gone"));
        }
        finally
        {
            never.SetResult(200);
            await worker.StopAsync();
        }
    }

    [Fact]
    public async Task Health_names_a_configured_target_that_keeps_failing()
    {
        using var worker = new NotificationWorker(postgres, "http://127.0.0.1:1/");
        await _world.PutAsync(_bucket, "a");
        await worker.RunAsync();
        Assert.Equal(HealthStatus.Healthy, (await worker.HealthAsync()).Status);

        await postgres.ExecuteAsync("UPDATE notification_targets SET failing_since = now() - interval '2 minutes'");
        await postgres.ExecuteAsync("INSERT INTO notification_targets (target, failing_since) VALUES ('removed', '2020-01-01')");

        var health = await worker.HealthAsync();
        Assert.Equal(HealthStatus.Degraded, health.Status);
        Assert.Contains("'first'", health.Description, StringComparison.Ordinal);
        Assert.DoesNotContain("'removed'", health.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_is_read_from_its_file_and_a_missing_file_pauses_the_target()
    {
        using var directory = new TemporaryDirectory();
        var file = Path.Combine(directory.Path, "token");
        using var worker = new NotificationWorker(postgres, _target.Url, ("Targets:first:TokenFile", file));
        await _world.PutAsync(_bucket, "a");

        Assert.Equal(0, await worker.RunAsync());
        Assert.Empty(_target.Requests);
        await File.WriteAllTextAsync(file, "from-a-file\n");
        await postgres.ExecuteAsync("UPDATE notification_targets SET retry_at = NULL");
        Assert.Equal(1, await worker.RunAsync());

        Assert.Equal("Bearer from-a-file", Assert.Single(_target.Authorizations));
    }

    private async Task<string[]> KeysAsync(string state) => await postgres.ScalarAsync<string[]>(
        "SELECT array(SELECT key FROM notification_events WHERE state = $1 ORDER BY sequence)", state) ?? [];

    /// <summary>Reads the pause of the events that were refused so often, in seconds.</summary>
    private async Task<double> PauseAsync(int attempts) => Math.Round(await postgres.ScalarAsync<double>(
        "SELECT extract(epoch FROM max(due_at) - now())::float8 FROM notification_events WHERE attempts = $1 AND state = 'pending'",
        attempts) / 5) * 5;

    private Task<int> SkipPauseAsync() => postgres.ExecuteAsync("UPDATE notification_events SET due_at = now() WHERE state = 'pending'");
}
