using MediaAspire.Core.Media.Redis;
using MediaAspire.Tests.Harness;
using MediaAspire.Tests.Media;
using MediaAspire.Tests.Media.Redis;
using MediaAspire.Worker.MetadataSync;
using Microsoft.Extensions.Logging.Abstractions;

namespace MediaAspire.Tests.MetadataSync;

public sealed class MetadataDutyTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private TestRedis _redis = null!;
    private MetadataReplica _api = null!;
    private MetadataReplica _worker = null!;
    private MetadataDuty _duty = null!;

    public async Task InitializeAsync()
    {
        await postgres.ClearAsync("media", "media_objects", "media_object_deletions", "metadata_runs");
        await postgres.ExecuteAsync("UPDATE metadata_generation SET mode = 'bypass'");
        _redis = await TestRedis.StartAsync();
        _api = await MetadataReplica.StartAsync(postgres, _redis);
        _worker = await MetadataReplica.StartAsync(postgres, _redis);
        var runner = new MetadataRunner(
            _worker.Runs, _worker.Comparison, _worker.Import, _worker.Lease, _worker.Opener, TimeProvider.System,
            NullLogger<MetadataRunner>.Instance);
        _duty = new MetadataDuty(
            _worker.Opener, _worker.Table, _worker.Lease, _worker.Runs, runner, _worker.Options, TimeProvider.System,
            NullLogger<MetadataDuty>.Instance);
    }

    public async Task DisposeAsync()
    {
        await _api.DisposeAsync();
        await _worker.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task The_duty_opens_a_generation_and_fills_it()
    {
        for (var i = 0; i < 450; i++)
        {
            await _api.Postgres.CreateAsync(NewMedia.Of("a", $"{i}"));
        }

        Assert.Equal(450, await _duty.RunAsync(default));
        Assert.Equal(0, await _duty.RunAsync(default));

        var fill = Assert.Single(await _api.Runs.ListAsync([MetadataRunKinds.Fill], default));
        Assert.Equal(("done", 450, 450), (fill.State, fill.ItemsDone, fill.ItemsTotal));
        var compare = await RunAsync(MetadataRunKinds.Compare);
        Assert.Equal(("done", 450), (compare.State, compare.Counts["equal"]));
        Assert.Single(compare.Counts);
    }

    [Fact]
    public async Task The_duty_says_why_no_generation_is_open_and_opens_one_when_Redis_is_back()
    {
        await _redis.KillAsync();
        using var ended = new CancellationTokenSource();
        var running = _duty.RunAsync(ended.Token);
        await Until.TrueAsync("the reason is shown", async () =>
            (await _api.Table.ReadAsync(default)).Reason.StartsWith("Redis does not respond", StringComparison.Ordinal));

        await _redis.RestartAsync();

        await running;
        Assert.True((await _api.Table.ReadAsync(default)).IsHot);
    }

    [Fact]
    public async Task A_rebuild_of_Redis_opens_an_empty_generation_and_fills_it()
    {
        var item = await _api.Postgres.CreateAsync(NewMedia.Of("a", "one"));
        await _duty.RunAsync(default);
        var before = _worker.Lease.Last!;

        var run = await RunAsync(MetadataRunKinds.ToRedis);

        Assert.Equal(("done", 1), (run.State, run.Counts["missing"]));
        Assert.True(_worker.Lease.Last!.IsHot);
        Assert.NotEqual(before.Nonce, _worker.Lease.Last.Nonce);
        await _api.Lease.RenewAsync(default);
        Assert.Equal(item.Name, (await _api.Store.FindAsync(item.Id, default))!.Name);
        Assert.Equal(1, _api.Reads("hit"));
    }

    [Fact]
    public async Task An_import_leaves_a_new_generation_open()
    {
        var item = await _api.Postgres.CreateAsync(NewMedia.Of("a", "one"));
        await _duty.RunAsync(default);
        var source = _worker.Lease.Last!.Nonce;
        await postgres.ExecuteAsync("DELETE FROM media");

        await _api.Runs.RequestAsync(MetadataRunKinds.ToPostgres, source, isDryRun: false, default);
        await _duty.RunAsync(default);

        var run = Assert.Single(await _api.Runs.ListAsync([MetadataRunKinds.ToPostgres], default));
        Assert.Equal(("done", 1), (run.State, run.Counts["imported"]));
        Assert.NotEqual(source, _worker.Lease.Last!.Nonce);
        Assert.True(_worker.Lease.Last.IsHot);
        Assert.NotNull(await _api.Store.FindAsync(item.Id, default));
    }

    [Fact]
    public async Task A_run_that_was_interrupted_begins_again()
    {
        await _duty.RunAsync(default);
        var (id, isNew) = await _api.Runs.RequestAsync(MetadataRunKinds.Compare, source: null, isDryRun: false, default);
        var (again, isNewAgain) = await _api.Runs.RequestAsync(MetadataRunKinds.Compare, source: null, isDryRun: false, default);
        Assert.Equal((id, true, false), (again, isNew, isNewAgain));
        Assert.Equal(id, (await _api.Runs.TakeAsync(default))!.Id);

        await _duty.RunAsync(default);

        Assert.Equal(("done", null), await StateAsync(id));
    }

    [Fact]
    public async Task A_run_that_fails_says_why()
    {
        await _duty.RunAsync(default);
        var (id, _) = await _api.Runs.RequestAsync("to-postgres", source: "none", isDryRun: true, default);
        await postgres.ExecuteAsync("ALTER TABLE metadata_runs DROP CONSTRAINT metadata_runs_kind_check");
        var (later, _) = await _api.Runs.RequestAsync("of-tomorrow", source: null, isDryRun: false, default);

        await _duty.RunAsync(default);

        Assert.Equal(("done", null), await StateAsync(id));
        Assert.Equal(("failed", "This build does not know the kind 'of-tomorrow'. A newer one requested it."), await StateAsync(later));
    }

    [Fact]
    public async Task An_import_that_PostgreSQL_refuses_fails_and_keeps_no_other_run_waiting()
    {
        await _duty.RunAsync(default);
        var generation = _worker.Lease.Last!;
        var item = NewMedia.Of(new string('x', 79), "one") with { Version = 1 };
        await _worker.Redis.StringSetAsync(
            GenerationScript.ItemPrefixOf(generation.Nonce) + GenerationKeys.KeyOf(item.Id), MediaValue.Encode(item));
        var (import, _) = await _api.Runs.RequestAsync(
            MetadataRunKinds.ToPostgres, generation.Nonce, isDryRun: false, default);
        var (compare, _) = await _api.Runs.RequestAsync(MetadataRunKinds.Compare, source: null, isDryRun: false, default);

        await _duty.RunAsync(default);

        var (state, error) = await StateAsync(import);
        Assert.Equal("failed", state);
        Assert.Contains("violates check constraint", error, StringComparison.Ordinal);
        Assert.Equal(("done", null), await StateAsync(compare));
    }

    private async Task<(string State, string? Error)> StateAsync(Guid run)
    {
        var found = (await _api.Runs.FindAsync(run, default))!;
        return (found.State, found.Error);
    }

    private async Task<MetadataRun> RunAsync(string kind)
    {
        var (id, _) = await _api.Runs.RequestAsync(kind, source: null, isDryRun: false, default);
        await _duty.RunAsync(default);
        return (await _api.Runs.FindAsync(id, default))!;
    }
}
