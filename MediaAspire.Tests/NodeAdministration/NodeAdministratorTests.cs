using MediaAspire.Core.Cluster;
using MediaAspire.Core.Duties;
using MediaAspire.Core.Ids;
using MediaAspire.Core.NodeAdministration;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Tests.NodeAdministration;

public sealed class NodeAdministratorTests : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private static readonly ServerId[] s_ids = Servers.Make(3);

    private readonly PostgresFixture _postgres;
    private readonly NodeRegistry _registry;
    private readonly NodeAdministrator _administration;

    public NodeAdministratorTests(PostgresFixture postgres)
    {
        var options = Options.Create(new ClusterOptions());
        _postgres = postgres;
        _registry = new NodeRegistry(postgres.Database, options);
        _administration = new NodeAdministrator(postgres.Database, options, NullLogger<NodeAdministrator>.Instance);
    }

    public async Task InitializeAsync()
    {
        await _postgres.ClearAsync();
        foreach (var id in s_ids)
        {
            await _registry.RegisterAsync(Report(id), default);
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Drain_OnlineNode_LeavesTheRingAndStaysOutThroughHeartbeatsAndRestarts()
    {
        Assert.Equal(new(NodeChangeOutcome.Done, ServerStatus.Draining), await _administration.DrainAsync(s_ids[0], default));
        Assert.Equal(new(NodeChangeOutcome.Done, ServerStatus.Draining), await _administration.DrainAsync(s_ids[0], default));

        await _registry.HeartbeatAsync(Report(s_ids[0]), default);
        await _registry.SignOffAsync(s_ids[0], PostgresFixture.Cluster, default);
        Assert.Equal(ServerStatus.Draining, (await _registry.RegisterAsync(Report(s_ids[0]), default))!.Status);

        Assert.Equal(2, (await _registry.ReadAsync(default)).Ring.Servers.Length);
        Assert.Equal(new(NodeChangeOutcome.Done, ServerStatus.Online), await _administration.UndrainAsync(s_ids[0], default));
        Assert.Equal(3, (await _registry.ReadAsync(default)).Ring.Servers.Length);
    }

    [Fact]
    public async Task Drain_OfflineNode_IsAllowedAndUndrainMakesItOfflineAgain()
    {
        await MakeSilentAsync(s_ids[0]);

        Assert.Equal(ServerStatus.Draining, (await _administration.DrainAsync(s_ids[0], default)).Status);
        Assert.Equal(ServerStatus.Offline, (await _administration.UndrainAsync(s_ids[0], default)).Status);
        Assert.Equal(ServerStatus.Offline, (await _administration.UndrainAsync(s_ids[0], default)).Status);
    }

    [Fact]
    public async Task Change_EveryKind_IsAnnouncedAndWakesItsDutyOnce()
    {
        await using var ears = await _postgres.Database.OpenConnectionAsync();
        var heard = new List<string>();
        ears.Notification += (_, signal) =>
            heard.Add(signal.Channel == NodeRegistry.Channel ? $"changed {signal.Payload}" : signal.Payload);
        await using (var listen = new NpgsqlCommand($"LISTEN {NodeRegistry.Channel}; LISTEN {DutySignals.Channel}", ears))
        {
            await listen.ExecuteNonQueryAsync();
        }

        await _administration.DrainAsync(s_ids[0], default);
        await _administration.DrainAsync(s_ids[0], default);
        await _administration.UndrainAsync(s_ids[0], default);
        await _administration.UndrainAsync(s_ids[0], default);
        await _administration.DrainAsync(s_ids[0], default);
        await _administration.RemoveAsync(s_ids[0], force: false, default);
        await _administration.RemoveAsync(s_ids[0], force: false, default);
        await _administration.ReadmitAsync(s_ids[0], default);
        await ExecuteAsync($"SELECT pg_notify('{DutySignals.Channel}', 'the end')");
        while (!heard.Contains("the end"))
        {
            Assert.True(await ears.WaitAsync(TimeSpan.FromSeconds(10)), "The last signal never came.");
        }

        var changed = $"changed {s_ids[0]}";
        Assert.Equal([changed, "rebalance", changed, "rebalance", changed, "rebalance", changed, "integrity", changed, "the end"], heard);
    }

    [Fact]
    public async Task Change_UnknownNode_IsNotFound()
    {
        var nobody = Servers.Make(1, seed: 9)[0];

        Assert.Equal(NodeChangeOutcome.NotFound, (await _administration.DrainAsync(nobody, default)).Outcome);
        Assert.Equal(NodeChangeOutcome.NotFound, (await _administration.UndrainAsync(nobody, default)).Outcome);
        Assert.Equal(NodeChangeOutcome.NotFound, (await _administration.RemoveAsync(nobody, force: true, default)).Outcome);
        Assert.Equal(NodeChangeOutcome.NotFound, (await _administration.ReadmitAsync(nobody, default)).Outcome);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Remove_OnlineNode_IsRefusedEvenWithoutCopies(bool force)
    {
        var change = await _administration.RemoveAsync(s_ids[0], force, default);

        Assert.Equal(NodeChangeOutcome.IsOnline, change.Outcome);
        Assert.Equal(3, (await _registry.ReadAsync(default)).Ring.Servers.Length);
    }

    [Theory]
    [InlineData("stored", false)]
    [InlineData("stored", true)]
    [InlineData("deleting", true)]
    [InlineData("writing", true)]
    [InlineData("corrupt", true)]
    public async Task Remove_DrainingNodeThatReportsAndHasCopies_IsRefusedEvenWithForce(string status, bool force)
    {
        await CopyRows.AddAsync(_postgres.Database, [(s_ids[0], status), (s_ids[1], "stored")], count: 2);
        await _administration.DrainAsync(s_ids[0], default);

        var change = await _administration.RemoveAsync(s_ids[0], force, default);

        Assert.Equal(new(NodeChangeOutcome.HasCopies, ServerStatus.Draining, Copies: 2, LastCopies: 0, IsReporting: true), change);
        Assert.Equal([KeyValuePair.Create(status, 2L)], await _administration.CountCopiesAsync(s_ids[0], default));
    }

    [Fact]
    public async Task Remove_DrainedNode_LeavesNoPointAndKeepsTheRecord()
    {
        await _administration.DrainAsync(s_ids[0], default);

        Assert.Equal(new(NodeChangeOutcome.Done, ServerStatus.Removed), await _administration.RemoveAsync(s_ids[0], force: false, default));

        Assert.Equal(0L, await ScalarAsync($"SELECT count(*) FROM hash_ring_nodes WHERE server_id = '{s_ids[0]}'"));
        Assert.Equal(ServerStatus.Removed, (await _registry.ReadAsync(default)).Servers.Single(server => server.Id == s_ids[0]).Status);
    }

    [Fact]
    public async Task Remove_LostNodeWithForce_GivesItsCopiesUpAndCountsTheLastOnes()
    {
        await CopyRows.AddAsync(_postgres.Database, [(s_ids[0], "stored"), (s_ids[1], "stored")], count: 4);
        await CopyRows.AddAsync(_postgres.Database, [(s_ids[0], "stored"), (s_ids[1], "corrupt")], count: 2);
        await CopyRows.AddAsync(_postgres.Database, [(s_ids[0], "failed"), (s_ids[1], "stored")], count: 1);
        await MakeSilentAsync(s_ids[0]);

        Assert.Equal(
            new(NodeChangeOutcome.HasCopies, ServerStatus.Offline, Copies: 7, LastCopies: 2),
            await _administration.RemoveAsync(s_ids[0], force: false, default));
        Assert.Equal(
            new(NodeChangeOutcome.Done, ServerStatus.Removed, Copies: 7, LastCopies: 2),
            await _administration.RemoveAsync(s_ids[0], force: true, default));

        Assert.Empty(await _administration.CountCopiesAsync(s_ids[0], default));
        Assert.Equal(
            [KeyValuePair.Create("corrupt", 2L), KeyValuePair.Create("stored", 5L)],
            await _administration.CountCopiesAsync(s_ids[1], default));
    }

    [Fact]
    public async Task Remove_NodeThatSignedOff_NeedsNoWaitForItsHeartbeatToAge()
    {
        await _registry.SignOffAsync(s_ids[0], PostgresFixture.Cluster, default);

        Assert.Equal(NodeChangeOutcome.Done, (await _administration.RemoveAsync(s_ids[0], force: false, default)).Outcome);
    }

    [Fact]
    public async Task Drain_RemovedNode_IsRefused()
    {
        await _registry.SignOffAsync(s_ids[0], PostgresFixture.Cluster, default);
        await _administration.RemoveAsync(s_ids[0], force: false, default);

        Assert.Equal(new(NodeChangeOutcome.IsRemoved, ServerStatus.Removed), await _administration.DrainAsync(s_ids[0], default));
        Assert.Equal(new(NodeChangeOutcome.IsRemoved, ServerStatus.Removed), await _administration.UndrainAsync(s_ids[0], default));
    }

    [Fact]
    public async Task Remove_WhileAnUploadWritesACopyDown_WaitsForItAndThenRefuses()
    {
        await _administration.DrainAsync(s_ids[0], default);
        await CopyRows.AddAsync(_postgres.Database, [(s_ids[1], "stored")], count: 1);
        await using var upload = await _postgres.Database.OpenConnectionAsync();
        await using var transaction = await upload.BeginTransactionAsync();
        await using (var insert = new NpgsqlCommand(
            $"INSERT INTO chunk_replicas (chunk_id, server_id, status) SELECT chunk_id, '{s_ids[0]}', 'writing' FROM chunks",
            upload,
            transaction))
        {
            await insert.ExecuteNonQueryAsync();
        }

        var removal = _administration.RemoveAsync(s_ids[0], force: false, default);
        await Until.TrueAsync(
            "the removal waits for the upload", async () => await _postgres.CountWaitingAsync() == 1);
        Assert.False(removal.IsCompleted);
        await transaction.CommitAsync();

        Assert.Equal(NodeChangeOutcome.HasCopies, (await removal).Outcome);
    }

    [Fact]
    public async Task A_removed_node_that_is_started_again_stays_out_until_it_is_readmitted()
    {
        await using var node = await TestNode.StartAsync(database: _postgres.ConnectionString, heartbeat: TimeSpan.FromSeconds(1));
        await Until.TrueAsync("the node has joined", async () => await RingSizeAsync() == 4);
        await _administration.DrainAsync(node.Id, default);
        Assert.Equal(NodeChangeOutcome.Done, (await _administration.RemoveAsync(node.Id, force: false, default)).Outcome);

        // It goes on reporting, and registers as after a restart: neither brings it back.
        var heartbeat = $"SELECT last_heartbeat::text FROM storage_servers WHERE server_id = '{node.Id}'";
        var before = await ScalarAsync(heartbeat);
        await Until.TrueAsync("it has reported again", async () => !before!.Equals(await ScalarAsync(heartbeat)));
        Assert.Equal(ServerStatus.Removed, (await _registry.RegisterAsync(Report(node.Id), default))!.Status);
        Assert.Equal(3, await RingSizeAsync());

        Assert.Equal(new(NodeChangeOutcome.Done, ServerStatus.Offline), await _administration.ReadmitAsync(node.Id, default));

        await Until.TrueAsync("the node has joined again", async () => await RingSizeAsync() == 4);
        Assert.Equal(150L, await ScalarAsync($"SELECT count(*) FROM hash_ring_nodes WHERE server_id = '{node.Id}'"));
    }

    private static NodeReport Report(ServerId id) => new(id, PostgresFixture.Cluster, "node", new Uri("http://127.0.0.1:1"), 1000, 10, 1);

    private async Task<int> RingSizeAsync() => (await _registry.ReadAsync(default)).Ring.Servers.Length;

    private async Task MakeSilentAsync(ServerId id) => await ExecuteAsync(
        $"UPDATE storage_servers SET status = 'offline', last_heartbeat = now() - interval '1 minute' WHERE server_id = '{id}'");

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var command = _postgres.Database.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _postgres.Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
