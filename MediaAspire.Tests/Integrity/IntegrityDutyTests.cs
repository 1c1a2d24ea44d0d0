using MediaAspire.Core.Duties;
using MediaAspire.Core.Files;
using MediaAspire.Core.Integrity;
using MediaAspire.Tests.Harness;
using MediaAspire.Worker.Integrity;
using Npgsql;

namespace MediaAspire.Tests.Integrity;

public sealed class IntegrityDutyTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_whole_cluster_is_clean_after_a_walk_over_every_chunk()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 3, ("Integrity:PageSize", "2"));
        for (var i = 0; i < 5; i++)
        {
            await cluster.StoreAsync(seed: i);
        }

        Assert.False((await ReadWalkAsync(cluster)).IsUpToDate);
        Assert.Equal(5, await cluster.RunAsync<IntegrityDuty>());

        var walk = await ReadWalkAsync(cluster);
        Assert.Equal((null, 5, true), (walk.StartedAt, walk.CompletedSeen, walk.IsUpToDate));
        Assert.NotNull(walk.CompletedAt);
        Assert.True(walk.CompletedStartedAt <= walk.CompletedAt);
        Assert.True((await CountAsync(cluster)).AreZero);
    }

    [Fact]
    public async Task Chunks_with_too_few_copies_are_listed_by_urgency_until_they_are_healed()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 2);
        var (whole, thin, gone) = (await cluster.StoreAsync(), await cluster.StoreAsync(), await cluster.StoreAsync());
        await SetStatusAsync(thin, cluster, node: 1, "corrupt");
        await SetStatusAsync(gone, cluster, node: 0, "missing");
        await SetStatusAsync(gone, cluster, node: 1, "copying");

        await cluster.RunAsync<IntegrityDuty>();

        Assert.Equal(
            new IntegrityCounts(Lost: 1, UnderReplicated: 1, Missing: 1, Corrupt: 1, Untracked: 0, Damaged: 0),
            await CountAsync(cluster));
        Assert.Equal(gone.Chunks[0].Id.Value, await postgres.ScalarAsync<Guid>(
            "SELECT chunk_id FROM endangered_chunks ORDER BY live, found_at LIMIT 1"));
        var lost = Assert.Single(await ListAsync(cluster, IntegrityKind.Lost));
        Assert.Equal((gone.Chunks[0].Id, gone.Id, 0, 2, 1000L), (lost.Chunk, lost.File!.Value, lost.Live, lost.Wanted, lost.Bytes));
        var under = Assert.Single(await ListAsync(cluster, IntegrityKind.UnderReplicated));
        Assert.Equal((thin.Chunks[0].Id, 1), (under.Chunk, under.Live));

        await postgres.ExecuteAsync("UPDATE chunk_replicas SET status = 'stored'");
        await cluster.RunAsync<IntegrityDuty>();

        Assert.True((await CountAsync(cluster)).AreZero);
        Assert.Equal(0, await postgres.ScalarAsync<long>("SELECT count(*) FROM endangered_chunks"));
        Assert.NotNull(whole);
    }

    [Theory]
    [InlineData("UPDATE storage_servers SET last_heartbeat = now() - interval '11 minutes' WHERE server_id = $1", 1)]
    [InlineData("UPDATE storage_servers SET last_heartbeat = now() - interval '9 minutes', status = 'offline' WHERE server_id = $1", 0)]
    [InlineData("UPDATE storage_servers SET status = 'removed' WHERE server_id = $1", 1)]
    [InlineData("UPDATE storage_servers SET status = 'draining' WHERE server_id = $1", 0)]
    public async Task Copies_count_until_their_server_is_removed_or_silent_for_too_long(string change, int endangered)
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 2);
        await cluster.StoreAsync();
        await postgres.ExecuteAsync(change, cluster.Servers[1].Value);

        await cluster.RunAsync<IntegrityDuty>();

        Assert.Equal(endangered, (await CountAsync(cluster)).UnderReplicated);
    }

    [Fact]
    public async Task A_degraded_write_is_listed_and_wakes_repair_when_it_is_acknowledged()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 1, ("Chunks:AllowDegraded", "true"));
        await using var wake = await RepairSignal.ListenAsync(postgres.Database);

        var file = await cluster.StoreAsync();

        var finding = Assert.Single(await ListAsync(cluster, IntegrityKind.UnderReplicated));
        Assert.Equal((file.Chunks[0].Id, 1, 2), (finding.Chunk, finding.Live, finding.Wanted));
        Assert.True(await wake.WasSentAsync());
    }

    [Fact]
    public async Task A_write_with_all_copies_wakes_nobody()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 2);
        await using var wake = await RepairSignal.ListenAsync(postgres.Database);

        await cluster.StoreAsync();

        Assert.False(await wake.WasSentAsync());
    }

    [Fact]
    public async Task Repair_is_woken_by_new_findings_only()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 2);
        var file = await cluster.StoreAsync();
        await SetStatusAsync(file, cluster, node: 1, "missing");
        await using var wake = await RepairSignal.ListenAsync(postgres.Database);

        await cluster.RunAsync<IntegrityDuty>();
        Assert.True(await wake.WasSentAsync());

        await cluster.RunAsync<IntegrityDuty>();
        Assert.False(await wake.WasSentAsync());
    }

    [Fact]
    public async Task A_walk_continues_where_a_killed_worker_left_it_and_restarts_on_demand()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 2);
        for (var i = 0; i < 5; i++)
        {
            await cluster.StoreAsync(seed: i);
        }

        var walk = cluster.Get<IntegrityWalk>();
        Assert.Equal(new IntegrityStep(2, HasEnded: false), await walk.StepAsync(2, default));
        Assert.Equal(2, (await ReadWalkAsync(cluster)).Seen);

        Assert.Equal(new IntegrityStep(2, HasEnded: false), await walk.StepAsync(2, default));
        Assert.Equal(new IntegrityStep(1, HasEnded: true), await walk.StepAsync(2, default));
        Assert.Equal(5, (await ReadWalkAsync(cluster)).CompletedSeen);

        await walk.StepAsync(2, default);
        var requestedAt = await cluster.Get<IntegrityReport>().StartCheckAsync(default);
        Assert.Null((await ReadWalkAsync(cluster)).StartedAt);
        Assert.Equal(5, await cluster.RunAsync<IntegrityDuty>());
        Assert.True((await ReadWalkAsync(cluster)).CompletedStartedAt >= requestedAt);
    }

    [Fact]
    public async Task A_server_that_falls_silent_during_a_walk_has_all_chunks_looked_at_again()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 2, ("Integrity:PageSize", "2"));
        for (var i = 0; i < 5; i++)
        {
            await cluster.StoreAsync(seed: i);
        }

        await cluster.Get<IntegrityWalk>().StepAsync(2, default);
        await postgres.ExecuteAsync(
            "UPDATE storage_servers SET last_heartbeat = now() - interval '1 hour' WHERE server_id = $1", cluster.Servers[0].Value);
        await cluster.RunAsync<IntegrityDuty>();

        Assert.Equal(5, (await CountAsync(cluster)).UnderReplicated);
        Assert.True((await ReadWalkAsync(cluster)).IsUpToDate);
    }

    [Fact]
    public async Task Two_walkers_at_once_find_everything()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 2, ("Integrity:PageSize", "3"));
        for (var i = 0; i < 20; i++)
        {
            await SetStatusAsync(await cluster.StoreAsync(seed: i), cluster, node: i % 2, "missing");
        }

        await Task.WhenAll(cluster.RunAsync<IntegrityDuty>(), cluster.RunAsync<IntegrityDuty>());

        Assert.Equal(20, (await CountAsync(cluster)).UnderReplicated);
    }

    [Fact]
    public async Task Findings_about_deleted_files_are_not_reported()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 2);
        var file = await cluster.StoreAsync();
        await SetStatusAsync(file, cluster, node: 1, "corrupt");
        await cluster.RunAsync<IntegrityDuty>();
        Assert.False((await CountAsync(cluster)).AreZero);

        await cluster.Catalog.DeleteAsync(file.Id, owner: null, default);
        Assert.True((await CountAsync(cluster)).AreZero);

        await cluster.RunAsync<IntegrityDuty>();
        Assert.Equal(0, await postgres.ScalarAsync<long>("SELECT count(*) FROM endangered_chunks"));
    }

    [Fact]
    public async Task Pages_of_findings_show_each_one_once()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 2);
        for (var i = 0; i < 3; i++)
        {
            var file = await cluster.StoreAsync(seed: i);
            await SetStatusAsync(file, cluster, node: 0, "missing");
            await SetStatusAsync(file, cluster, node: 1, "missing");
        }

        await cluster.RunAsync<IntegrityDuty>();
        foreach (var (kind, count) in new[] { (IntegrityKind.Missing, 6), (IntegrityKind.Lost, 3) })
        {
            var seen = new List<IntegrityFinding>();
            var after = IntegrityPosition.Start;
            for (List<IntegrityFinding> page; (page = await cluster.Get<IntegrityReport>().ListAsync(kind, after, 2, default)).Count > 0;)
            {
                seen.AddRange(page);
                after = new IntegrityPosition(page[^1].Chunk, page[^1].Server);
            }

            Assert.Equal(count, seen.Count);
            Assert.Equal(count, seen.Select(finding => (finding.Chunk, finding.Server)).Distinct().Count());
        }
    }

    private static Task<IntegrityCounts> CountAsync(DutyCluster cluster) => cluster.Get<IntegrityReport>().CountAsync(default);

    private static Task<IntegrityWalkState> ReadWalkAsync(DutyCluster cluster) => cluster.Get<IntegrityReport>().ReadWalkAsync(default);

    private static Task<List<IntegrityFinding>> ListAsync(DutyCluster cluster, IntegrityKind kind) =>
        cluster.Get<IntegrityReport>().ListAsync(kind, IntegrityPosition.Start, 100, default);

    private async Task SetStatusAsync(StoredFile file, DutyCluster cluster, int node, string status) =>
        Assert.Equal(1, await postgres.ExecuteAsync(
            "UPDATE chunk_replicas SET status = $1 WHERE chunk_id = $2 AND server_id = $3",
            status, file.Chunks[0].Id.Value, cluster.Servers[node].Value));

    /// <summary>Listens for the signals to repair.</summary>
    private sealed class RepairSignal(NpgsqlDataSource database, NpgsqlConnection connection) : IAsyncDisposable
    {
        private readonly List<string> _heard = [];

        public static async Task<RepairSignal> ListenAsync(NpgsqlDataSource database)
        {
            var connection = await database.OpenConnectionAsync();
            var wake = new RepairSignal(database, connection);
            connection.Notification += (_, signal) => wake._heard.Add(signal.Payload);
            await using var listen = new NpgsqlCommand($"LISTEN {DutySignals.Channel}", connection);
            await listen.ExecuteNonQueryAsync();
            return wake;
        }

        /// <summary>Checks whether a signal was sent since the last call.</summary>
        /// <remarks>Signals arrive in the order of their commits, so one of this class's own ends the wait.</remarks>
        public async Task<bool> WasSentAsync()
        {
            await using (var signal = database.CreateCommand("SELECT pg_notify($1, 'end')"))
            {
                signal.Parameters.Add(new() { Value = DutySignals.Channel });
                await signal.ExecuteNonQueryAsync();
            }

            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while (!_heard.Contains("end"))
            {
                await connection.WaitAsync(limit.Token);
            }

            var rang = _heard.Contains(DutyNames.Repair);
            _heard.Clear();
            return rang;
        }

        public ValueTask DisposeAsync() => connection.DisposeAsync();
    }
}
