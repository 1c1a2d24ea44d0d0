using MediaAspire.Core.Media;
using MediaAspire.Core.Media.Redis;
using MediaAspire.Tests.Harness;
using StackExchange.Redis;

namespace MediaAspire.Tests.Media.Redis;

/// <summary>The orders of events that could make a read stale, one by one.</summary>
public sealed class RedisMediaStoreTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private static readonly MediaAlias s_alias = new("front page");

    private TestRedis _redis = null!;
    private GatedStore _gate = null!;
    private MetadataReplica _first = null!;
    private MetadataReplica _second = null!;
    private MediaItem _item = null!;

    public async Task InitializeAsync()
    {
        await postgres.ClearAsync("media", "media_objects", "media_object_deletions");
        await postgres.ExecuteAsync("UPDATE metadata_generation SET mode = 'bypass'");
        _redis = await TestRedis.StartAsync();
        _first = await MetadataReplica.StartAsync(postgres, _redis, wrap: store => _gate = new GatedStore(store));
        _second = await MetadataReplica.StartAsync(postgres, _redis);
        await _first.OpenAsync();
        await _second.Lease.RenewAsync(CancellationToken.None);
        _item = await _first.Store.CreateAsync(NewMedia.Of("a", "one") with { Alias = s_alias, Description = "1" });
    }

    public async Task DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task Redis_answers_the_second_read_by_id_and_by_alias()
    {
        await _first.Store.FindByAliasAsync(_item.Owner, s_alias, default);
        await _first.Store.ReadAsync(_item.Id);
        var hits = _second.Reads("hit");

        Assert.Equal("1", await _second.Store.ReadAsync(_item.Id));
        var byAlias = await _second.Store.FindByAliasAsync(_item.Owner, s_alias, default);

        Assert.Equal(hits + 2, _second.Reads("hit"));
        Assert.Equivalent(await _second.Postgres.FindAsync(_item.Id, default), byAlias, strict: true);
    }

    [Fact]
    public async Task A_write_replaces_the_value_so_that_Redis_answers_with_the_new_one()
    {
        await _second.Store.ReadAsync(_item.Id);

        await _first.Store.DescribeAsync(_item.Id, "2");

        var hits = _second.Reads("hit");
        Assert.Equal("2", await _second.Store.ReadAsync(_item.Id));
        Assert.Equal(hits + 1, _second.Reads("hit"));
    }

    [Fact]
    public async Task A_value_that_was_read_before_a_write_is_not_filled_in_after_it()
    {
        _gate.AfterFind = () => _second.Store.DescribeAsync(_item.Id, "2");

        Assert.Equal("1", await _first.Store.ReadAsync(_item.Id));

        Assert.Equal("2", await _second.Store.ReadAsync(_item.Id));
        Assert.Equal("2", await _first.Store.ReadAsync(_item.Id));
    }

    [Fact]
    public async Task A_value_that_was_read_before_a_write_is_not_filled_in_after_Redis_was_emptied()
    {
        _gate.AfterFind = async () =>
        {
            await _redis.ExecuteAsync("FLUSHALL");
            await _second.Store.DescribeAsync(_item.Id, "2");
        };

        Assert.Equal("1", await _first.Store.ReadAsync(_item.Id));

        Assert.Equal("2", await _second.Store.ReadAsync(_item.Id));
    }

    [Fact]
    public async Task A_deleted_item_is_not_filled_in()
    {
        _gate.AfterFind = () => _second.Store.DeleteAsync(_item.Id);

        await _first.Store.ReadAsync(_item.Id);

        Assert.Null(await _first.Store.FindAsync(_item.Id, default));
        Assert.Null(await _first.Store.FindByAliasAsync(_item.Owner, s_alias, default));
    }

    [Fact]
    public async Task A_late_confirmation_of_an_old_write_does_not_return_after_the_new_value_was_evicted()
    {
        var generation = _first.Lease.FindHot()!;
        await _first.Keys.ClaimAsync(generation, "late", [_item.Id], default);
        var late = await _second.Postgres.ChangeAsync(_item.Id, item => item with { Description = "2" });
        await _second.Store.DescribeAsync(_item.Id, "3");
        await _redis.ExecuteAsync("FLUSHALL");

        await _first.Keys.PublishAsync(generation, "late", [late], [], default);

        Assert.Equal("3", await _second.Store.ReadAsync(_item.Id));
        Assert.Equal("3", await _first.Store.ReadAsync(_item.Id));
    }

    [Fact]
    public async Task Confirmations_out_of_order_leave_the_newer_value()
    {
        var generation = _first.Lease.FindHot()!;
        foreach (var value in new[] { "2", "4" })
        {
            await _first.Keys.ClaimAsync(generation, $"late {value}", [_item.Id], default);
            var late = await _second.Postgres.ChangeAsync(_item.Id, item => item with { Description = value });
            await _second.Store.DescribeAsync(_item.Id, value + "+");
            await _second.Store.ReadAsync(_item.Id);

            await _first.Keys.PublishAsync(generation, $"late {value}", [late], [], default);

            Assert.Equal(value + "+", await _second.Store.ReadAsync(_item.Id));
        }
    }

    [Fact]
    public async Task A_write_takes_the_claim_of_an_earlier_one_whose_confirmation_is_late()
    {
        var generation = _first.Lease.FindHot()!;
        MediaItem late = null!;
        _gate.BeforeChange = async () =>
        {
            await _second.Keys.ClaimAsync(generation, "late", [_item.Id], default);
            late = await _second.Postgres.ChangeAsync(_item.Id, item => item with { Description = "2" });
        };
        await _first.Store.DescribeAsync(_item.Id, "3");

        await _second.Keys.PublishAsync(generation, "late", [late], [], default);

        Assert.Equal("3", await _second.Store.ReadAsync(_item.Id));
    }

    [Fact]
    public async Task A_writer_that_dies_after_the_commit_leaves_no_old_value()
    {
        await _second.Store.ReadAsync(_item.Id);
        _gate.AfterChange = () => throw new IOException("The process died.");

        await Assert.ThrowsAsync<IOException>(() => _first.Store.DescribeAsync(_item.Id, "2"));

        Assert.Equal("2", await _second.Store.ReadAsync(_item.Id));
    }

    [Fact]
    public async Task A_write_that_is_refused_leaves_the_place_to_the_next_reader()
    {
        await _first.Store.ReadAsync(_item.Id);

        await _first.Store.ChangeAsync([_item.Id], _ => new MediaDecision<int>(1), default);

        await _second.Store.ReadAsync(_item.Id);
        var hits = _second.Reads("hit");
        await _second.Store.ReadAsync(_item.Id);
        Assert.Equal(hits + 1, _second.Reads("hit"));
    }

    [Fact]
    public async Task A_write_that_Redis_does_not_confirm_is_acknowledged_when_no_process_can_read_the_old_value()
    {
        await _first.Store.ReadAsync(_item.Id);
        var value = await _redis.ExecuteAsync("KEYS", "*:i:*");
        Assert.Single((string[])value!);
        _gate.AfterChange = () =>
        {
            _redis.Signal("STOP");
            return Task.CompletedTask;
        };
        var before = _second.Reads("hit");

        await _first.Store.DescribeAsync(_item.Id, "2");

        Assert.Null(_second.Lease.FindHot());
        _redis.Signal("CONT");
        Assert.Equal("2", await _second.Store.ReadAsync(_item.Id));
        Assert.Equal(before, _second.Reads("hit"));
        Assert.False((await _second.Table.ReadAsync(default)).IsHot);
        await _second.OpenAsync();
        Assert.Equal("2", await _second.Store.ReadAsync(_item.Id));
    }

    [Fact]
    public async Task A_write_that_a_closed_generation_confirms_is_published_to_the_next_one_too()
    {
        _gate.BeforeChange = async () =>
        {
            await _second.Lease.CloseAsync(_second.Lease.Last!, "Closed by a test.", default);
            await _second.OpenAsync();
            await _second.Store.ReadAsync(_item.Id);
        };

        await _first.Store.DescribeAsync(_item.Id, "2");

        var hits = _second.Reads("hit");
        Assert.Equal("2", await _second.Store.ReadAsync(_item.Id));
        Assert.Equal(hits + 1, _second.Reads("hit"));
    }

    [Fact]
    public async Task Writes_do_not_wait_while_the_generation_is_closed()
    {
        await _redis.KillAsync();
        await _first.Store.DescribeAsync(_item.Id, "2");
        var startedAt = TimeProvider.System.GetTimestamp();

        for (var i = 3; i < 20; i++)
        {
            await _first.Store.DescribeAsync(_item.Id, $"{i}");
            Assert.Equal($"{i}", await _second.Store.ReadAsync(_item.Id));
        }

        Assert.True(TimeProvider.System.GetElapsedTime(startedAt) < 10 * _first.Lease.LongestWait, "Each write waited.");
    }

    [Fact]
    public async Task A_process_whose_lease_has_ended_reads_from_PostgreSQL()
    {
        var options = MetadataReplica.Quick;
        options.ReadTimeout = TimeSpan.FromSeconds(5);
        await using var paused = await MetadataReplica.StartAsync(postgres, _redis, options, keeps: false);
        await _first.Store.ReadAsync(_item.Id);
        await paused.Lease.RenewAsync(default);
        await paused.Store.ReadAsync(_item.Id);
        Assert.Equal(1, paused.Reads("hit"));
        await paused.Lease.RenewAsync(default);
        _redis.Signal("STOP");

        // The value comes when the lease is over, as for a process that was paused itself.
        var reading = paused.Store.ReadAsync(_item.Id);
        await Until.TrueAsync("the lease is over", () => Task.FromResult(paused.Lease.FindHot() is null));
        Assert.False(reading.IsCompleted);
        await _first.Postgres.ChangeAsync(_item.Id, item => item with { Description = "2" });
        _redis.Signal("CONT");

        Assert.Equal("2", await reading);
        Assert.Equal(1, paused.Reads("hit"));
        Assert.Equal("2", await paused.Store.ReadAsync(_item.Id));
        Assert.Equal(1, paused.Reads("bypass"));
    }

    [Fact]
    public async Task A_Redis_that_restarts_with_older_data_is_not_read()
    {
        await _first.Store.ReadAsync(_item.Id);
        using var old = new TemporaryDirectory();
        _redis.CopyData(old.Path);
        await _first.Store.DescribeAsync(_item.Id, "2");
        await _redis.KillAsync();
        _redis.ReplaceData(old.Path);
        await _redis.RestartAsync();
        var keys = (string[])(await _redis.ExecuteAsync("KEYS", "*:i:*"))!;
        Assert.Single(keys);

        foreach (var replica in new[] { _first, _second })
        {
            Assert.Equal("2", await replica.Store.ReadAsync(_item.Id));
        }

        await Until.TrueAsync("the loss is noticed", async () =>
        {
            Assert.Equal("2", await _second.Store.ReadAsync(_item.Id));
            return !(await _second.Table.ReadAsync(default)).IsHot;
        });
    }

    [Fact]
    public async Task A_session_that_does_not_take_part_closes_the_generation()
    {
        await _first.Store.ReadAsync(_item.Id);

        await postgres.ExecuteAsync("UPDATE media SET description = '2'");

        var generation = await _first.Lease.RenewAsync(default);
        Assert.False(generation.IsHot);
        Assert.Contains("changed the catalog in PostgreSQL only", generation.Reason, StringComparison.Ordinal);
        Assert.Equal("2", await _first.Store.ReadAsync(_item.Id));
    }

    [Fact]
    public async Task A_generation_of_another_run_of_the_database_server_is_not_read()
    {
        await _first.Store.ReadAsync(_item.Id);

        await postgres.ExecuteAsync("UPDATE metadata_generation SET server_run = 'before the restore'");

        Assert.False((await _first.Lease.RenewAsync(default)).IsHot);
        await _first.OpenAsync();
        Assert.NotNull(_first.Lease.FindHot());
    }

    [Fact]
    public async Task A_generation_is_not_read_again_when_the_first_database_is_put_back()
    {
        var hot = _first.Lease.Last!;
        await using var run = postgres.Database.CreateCommand("SELECT server_run FROM metadata_generation");
        var serverRun = await run.ExecuteScalarAsync();
        await postgres.ExecuteAsync("UPDATE metadata_generation SET server_run = 'of the other one'");
        Assert.False((await _first.Lease.RenewAsync(default)).IsHot);

        await postgres.ExecuteAsync($"UPDATE metadata_generation SET server_run = '{serverRun}'");

        var again = await _first.Lease.RenewAsync(default);
        Assert.Equal((hot.Nonce, false), (again.Nonce, again.IsHot));
        Assert.False((await _second.Table.ReadAsync(default)).IsHot);
    }

    [Fact]
    public async Task A_write_to_a_restored_database_is_read_though_Redis_has_a_newer_version()
    {
        // Versions 2 and 3 are lost with the database; the process still has its lease.
        var lost = _item with { Version = 3, Description = "lost" };
        var key = KeyOf(_item);
        await _first.Store.ReadAsync(_item.Id);
        await _first.Keys.PublishAsync(_first.Lease.FindHot()!, "", [lost], [], default);
        Assert.Equal("lost", await _second.Store.ReadAsync(_item.Id));
        await postgres.ExecuteAsync("UPDATE metadata_generation SET server_run = 'before the restore'");
        _gate.AfterChange = () => _first.Redis.StringSetAsync(key, MediaValue.Encode(lost));

        await _first.Store.DescribeAsync(_item.Id, "2");

        Assert.Equal("2", await _second.Store.ReadAsync(_item.Id));
        Assert.Equal("2", await _first.Store.ReadAsync(_item.Id));
    }

    [Fact]
    public async Task A_full_Redis_delays_no_write_and_serves_no_old_value()
    {
        await _first.Store.ReadAsync(_item.Id);
        await _redis.ExecuteAsync("CONFIG", "SET", "maxmemory", "1");

        await _first.Store.DescribeAsync(_item.Id, "2");

        Assert.Equal("2", await _second.Store.ReadAsync(_item.Id));
        Assert.True((await _second.Table.ReadAsync(default)).IsHot);
    }

    [Fact]
    public async Task An_alias_that_has_moved_is_found_at_its_new_item()
    {
        await _first.Store.FindByAliasAsync(_item.Owner, s_alias, default);
        await _first.Store.ChangeAsync(_item.Id, item => item with { Alias = null });
        var next = await _second.Store.CreateAsync(NewMedia.Of("a", "two") with { Alias = s_alias });

        Assert.Equal(next.Id, (await _first.Store.FindByAliasAsync(_item.Owner, s_alias, default))!.Id);

        await _second.Store.ChangeAsync(next.Id, item => item with { RemovedAt = DateTimeOffset.UnixEpoch });
        Assert.Null(await _first.Store.FindByAliasAsync(_item.Owner, s_alias, default));
        await _first.Store.ChangeAsync(_item.Id, item => item with { Alias = s_alias });
        Assert.Equal(_item.Id, (await _second.Store.FindByAliasAsync(_item.Owner, s_alias, default))!.Id);
    }

    [Fact]
    public async Task Values_that_are_damaged_or_of_another_item_are_not_used()
    {
        var key = KeyOf(_item);
        var other = NewMedia.Of("a", "other") with { Version = 9, Description = "wrong" };
        foreach (var value in new RedisValue[] { "V7:", "V7:xyz", "V1:", "W", "", MediaValue.Encode(other) })
        {
            await _first.Redis.StringSetAsync(key, value);

            Assert.Equal("1", await _first.Store.ReadAsync(_item.Id));
        }
    }

    private RedisKey KeyOf(MediaItem item) =>
        GenerationScript.ItemPrefixOf(_first.Lease.FindHot()!.Nonce) + (string)GenerationKeys.KeyOf(item.Id)!;
}
