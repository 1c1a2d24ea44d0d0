using MediaAspire.Core.Chunks;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Copies;
using MediaAspire.Core.Files;
using MediaAspire.Core.Scrubbing;
using MediaAspire.Tests.Harness;
using MediaAspire.Worker.Scrubbing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Scrubbing;

public sealed class ScrubTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private readonly ScrubLedger _ledger = new(postgres.Database);
    private TestCluster _cluster = null!;
    private TestFileStore _store = null!;

    public async Task InitializeAsync()
    {
        _cluster = await TestCluster.StartAsync(nodes: 3);
        _store = await TestFileStore.StartAsync(postgres, _cluster);
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task A_scrub_finds_what_is_damaged_and_what_is_gone_and_the_next_one_over_healed_copies_is_clean()
    {
        var bytes = TestBytes.Make(51, 4_000_000);
        var file = (await _store.Catalog.FindAsync((await _store.PutAsync(bytes)).Id, default))!;
        var (damaged, gone) = (file.Chunks[1], file.Chunks[4]);
        var (damagedNode, goneNode) = (NodeOf(damaged, copy: 0), NodeOf(gone, copy: 1));
        Disk.Flip(Disk.FileOf(_cluster.Nodes[damagedNode], damaged.Id), 100_000);
        File.Delete(Disk.FileOf(_cluster.Nodes[goneNode], gone.Id));

        Assert.True(await _ledger.TryStartAsync(default));
        Assert.Equal(12, await MakeDuty().RunAsync(default));

        var run = Assert.Single(await _ledger.ListAsync(10, default));
        Assert.Equal(ScrubState.Completed, run.State);
        Assert.Equal(new ScrubTotals(12, 8_000_000, 12, 8_000_000, Corrupt: 1, Missing: 1, Unreachable: 0), run.Totals);
        Assert.Equal(10, run.Totals.Verified);
        Assert.Equal(1, await CountAsync(
            $"status = 'corrupt' AND chunk_id = '{damaged.Id}' AND server_id = '{_cluster.Servers[damagedNode].Id}'"));
        Assert.Equal(1, await CountAsync(
            $"status = 'missing' AND chunk_id = '{gone.Id}' AND server_id = '{_cluster.Servers[goneNode].Id}'"));
        Assert.Equal(10, await CountAsync("status = 'stored'"));

        // As repair does: a good copy replaces each bad one.
        await HealAsync(damaged, damagedNode, bytes);
        await HealAsync(gone, goneNode, bytes);
        Assert.True(await _ledger.TryStartAsync(default));
        await MakeDuty().RunAsync(default);

        var second = (await _ledger.ListAsync(10, default))[0];
        Assert.Equal((ScrubState.Completed, 12L), (second.State, second.Totals.Verified));
        Assert.Equal(12, await CountAsync("status = 'stored'"));
        Assert.Equal(bytes, await _store.GetAsync(file.Id));
    }

    [Fact]
    public async Task A_worker_that_is_killed_in_the_middle_is_followed_by_one_that_goes_on_where_it_was()
    {
        for (var i = 0; i < 20; i++)
        {
            await _store.PutAsync(TestBytes.Make(i, 700_000));
        }

        var expected = await CountAsync("status = 'stored'");
        Assert.True(await _ledger.TryStartAsync(default));
        using var kill = new CancellationTokenSource();

        // About 2 MB a second for each server, which holds more than 9 MB: it is at work when the first stretch is on record.
        var dying = MakeDuty(new ScrubOptions { MaxBytesPerSecond = 6 * 1024 * 1024 }).RunAsync(kill.Token);
        await WaitUntilAsync(async () => (await _ledger.FindOpenAsync(default))!.Totals.Copies > 0);
        await kill.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dying);
        var halfway = (await _ledger.FindOpenAsync(default))!.Totals;
        Assert.InRange(halfway.Copies, 1, expected - 1);

        var rest = await MakeDuty().RunAsync(default);

        Assert.Equal(expected - halfway.Copies, rest);
        var run = Assert.Single(await _ledger.ListAsync(10, default));
        Assert.Equal((ScrubState.Completed, expected, expected), (run.State, run.Totals.Copies, run.Totals.Verified));
    }

    [Fact]
    public async Task Commands_PauseResumeCancelStart_ObeyTheStateTheScrubIsIn()
    {
        await _store.PutAsync(TestBytes.Make(1, 1_000_000));
        Assert.False(await _ledger.TryPauseAsync(default));
        Assert.False(await _ledger.TryCancelAsync(default));

        Assert.True(await _ledger.TryStartAsync(default));
        Assert.False(await _ledger.TryStartAsync(default));
        Assert.False(await _ledger.TryResumeAsync(default));
        Assert.True(await _ledger.TryPauseAsync(default));
        Assert.Equal(0, await MakeDuty().RunAsync(default));
        Assert.Equal(ScrubState.Paused, (await _ledger.FindOpenAsync(default))!.State);
        Assert.False(await _ledger.TryStartAsync(default));

        Assert.True(await _ledger.TryResumeAsync(default));
        Assert.True(await _ledger.TryCancelAsync(default));
        Assert.Equal(0, await MakeDuty(new ScrubOptions { Scheduled = false }).RunAsync(default));
        Assert.True(await _ledger.TryStartAsync(default));
        Assert.NotEqual(0, await MakeDuty().RunAsync(default));
    }

    [Fact]
    public async Task Run_Scheduled_IsSpreadOverThePeriodAndGivesWayToACommand()
    {
        for (var i = 0; i < 10; i++)
        {
            await _store.PutAsync(TestBytes.Make(i, 600_000));
        }

        var duty = MakeDuty();
        await duty.RunAsync(default);
        var run = (await _ledger.FindOpenAsync(default))!;
        Assert.Equal("scheduled", run.Trigger);
        Assert.InRange(run.Totals.Progress, 0, 0.1);

        // Half of the time has passed.
        await ExecuteAsync("UPDATE scrubs SET started_at = now() - interval '13.5 days', due_at = now() + interval '13.5 days'");
        await ExecuteAsync("UPDATE chunks SET created_at = now() - interval '20 days'");
        await duty.RunAsync(default);
        run = (await _ledger.FindOpenAsync(default))!;
        Assert.InRange(run.Totals.Progress, 0.5, 0.65);

        Assert.True(await _ledger.TryStartAsync(default));
        Assert.Equal(["command", "scheduled"], (await _ledger.ListAsync(10, default)).Select(one => one.Trigger));
        await duty.RunAsync(default);

        // Nothing is due for another 30 days.
        Assert.Equal(0, await duty.RunAsync(default));
        Assert.Null(await _ledger.FindOpenAsync(default));
    }

    [Fact]
    public async Task Run_AServerIsAway_ItsCopiesAreTakenUpWhenItIsBack()
    {
        await _store.PutAsync(TestBytes.Make(2, 2_000_000));
        var expected = await CountAsync("status = 'stored'");
        var onAbsent = await CountAsync($"status = 'stored' AND server_id = '{_cluster.Servers[0].Id}'");
        Assert.NotEqual(0, onAbsent);
        var absent = _cluster.Servers[0].Address;
        Assert.True(await _ledger.TryStartAsync(default));

        // Nobody listens at its address, though its heartbeat is fresh.
        _cluster.Replace(0, new Uri("http://127.0.0.1:1"));
        await _store.RegisterAsync(postgres.Database);
        Assert.Equal(expected - onAbsent, await MakeDuty().RunAsync(default));
        Assert.Equal(ScrubState.Running, (await _ledger.FindOpenAsync(default))!.State);
        Assert.Equal(expected, await CountAsync("status = 'stored'"));

        _cluster.Replace(0, absent);
        await _store.RegisterAsync(postgres.Database);
        Assert.Equal(onAbsent, await MakeDuty().RunAsync(default));
        Assert.Equal((ScrubState.Completed, expected), (await LastAsync() is var run ? run.State : "", run.Totals.Verified));
    }

    [Fact]
    public async Task Run_AServerStaysAway_ItsCopiesCountAsUnreachableInTheEnd()
    {
        await _store.PutAsync(TestBytes.Make(3, 2_000_000));
        var onAbsent = await CountAsync($"status = 'stored' AND server_id = '{_cluster.Servers[0].Id}'");
        Assert.True(await _ledger.TryStartAsync(default));
        await ExecuteAsync($"UPDATE storage_servers SET status = 'offline' WHERE server_id = '{_cluster.Servers[0].Id}'");

        await MakeDuty(new ScrubOptions { WaitForAbsent = TimeSpan.Zero }).RunAsync(default);

        var run = await LastAsync();
        Assert.Equal((ScrubState.Completed, onAbsent, run.Totals.CopiesExpected), (run.State, run.Totals.Unreachable, run.Totals.Copies));
    }

    [Fact]
    public async Task Verify_AtAPace_TakesAsLongAsThePaceSays()
    {
        var chunk = await _cluster.Nodes[0].PutAsync(TestBytes.Make(4, 2_000_000));
        var started = TimeProvider.System.GetTimestamp();

        var found = await _cluster.Nodes[0].Client.VerifyAsync(chunk, new VerificationPace(4_000_000, 2_000_000), default);

        Assert.True(found.IsIntact);
        Assert.True(TimeProvider.System.GetElapsedTime(started) >= TimeSpan.FromSeconds(0.49));
    }

    private ScrubDuty MakeDuty(ScrubOptions? options = null)
    {
        var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var scrubOptions = Options.Create(options ?? new ScrubOptions { MaxBytesPerSecond = long.MaxValue / 2 });
        var clusterOptions = Options.Create(new ClusterOptions());
        var metrics = ActivatorUtilities.CreateInstance<ScrubMetrics>(services);
        var auditor = new CopyAuditor(
            postgres.Database, _cluster.Clients, new EndangeredChunks(postgres.Database, Options.Create(new LivenessOptions())),
            clusterOptions, NullLogger<CopyAuditor>.Instance);
        var view = new ClusterView(
            new NodeRegistry(postgres.Database, clusterOptions), ActivatorUtilities.CreateInstance<ClusterMetrics>(services),
            clusterOptions, TimeProvider.System);
        return new ScrubDuty(
            _ledger, new ServerScrubber(_ledger, auditor, metrics, scrubOptions), view, metrics, scrubOptions,
            NullLogger<ScrubDuty>.Instance);
    }

    private int NodeOf(StoredChunk chunk, int copy) =>
        _cluster.Servers.Select((server, index) => (server.Id, index)).Single(pair => pair.Id == chunk.Copies[copy].Server).index;

    private async Task HealAsync(StoredChunk chunk, int node, byte[] file)
    {
        await _cluster.Nodes[node].Client.DeleteAsync(chunk.Id, default);
        await _cluster.Nodes[node].PutAsync(file[(int)chunk.Offset..(int)(chunk.Offset + chunk.Size)], chunk.Id);
        await ExecuteAsync(
            $"""
            UPDATE chunk_replicas SET status = 'stored', status_since = now()
            WHERE chunk_id = '{chunk.Id}' AND server_id = '{_cluster.Servers[node].Id}'
            """);
    }

    private async Task<ScrubRun> LastAsync() => (await _ledger.ListAsync(1, default))[0];

    private Task<long> CountAsync(string where) => _store.CountAsync($"SELECT count(*) FROM chunk_replicas WHERE {where}");

    private async Task ExecuteAsync(string sql)
    {
        await using var command = postgres.Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task WaitUntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!await condition())
        {
            await poll.WaitForNextTickAsync(limit.Token);
        }
    }
}
