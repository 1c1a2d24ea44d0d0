using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Cluster;

public sealed class NodeRegistryTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private static readonly ServerId s_id = Servers.Make(1)[0];

    public Task InitializeAsync() => postgres.ClearAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Register_Twice_IsOneServerOnTheRingThatTheIdsAloneWouldGive()
    {
        var registry = Registry();
        await registry.RegisterAsync(Report(), default);
        await registry.RegisterAsync(Report("http://127.0.0.1:2/"), default);

        var snapshot = await registry.ReadAsync(default);

        var server = Assert.Single(snapshot.Servers);
        var expected = new ClusterServer(
            s_id, "storage-1", new Uri("http://127.0.0.1:2/"), ServerStatus.Online, 1000, 10, 1, Cluster: PostgresFixture.Cluster);
        Assert.Equal(expected, server with { HeartbeatAge = default });
        Assert.Equal(150, snapshot.Ring.Count);
        var computed = HashRing.Create([s_id]);
        Assert.Equal(150, computed.Count);
        Assert.All(Enumerable.Range(0, 150), i => Assert.Equal(i, RankOf(snapshot.Ring, computed, i)));
    }

    [Fact]
    public async Task Register_FewerVirtualNodesThanBefore_LeavesNoPointBehind()
    {
        await Registry(virtualNodes: 150).RegisterAsync(Report(), default);
        await Registry(virtualNodes: 100).RegisterAsync(Report(), default);

        Assert.Equal(100, (await Registry().ReadAsync(default)).Ring.Count);
    }

    [Fact]
    public async Task Heartbeat_ServerNotOnRecord_ReturnsNull() => Assert.Null(await Registry().HeartbeatAsync(Report(), default));

    [Fact]
    public async Task Heartbeat_KnownServer_RecordsItsSpace()
    {
        var registry = Registry();
        await registry.RegisterAsync(Report(), default);

        Assert.NotNull(await registry.HeartbeatAsync(Report() with { AvailableBytes = 7, UsedBytes = 8, ChunkCount = 9 }, default));

        var server = Assert.Single((await registry.ReadAsync(default)).Servers);
        Assert.Equal((7, 8, 9), (server.AvailableBytes, server.UsedBytes, server.ChunkCount));
    }

    [Fact]
    public async Task Read_HeartbeatOverdueByTheDatabasesClock_IsOfflineAndOffTheRing()
    {
        var registry = Registry();
        await registry.RegisterAsync(Report(), default);
        await ExecuteAsync("UPDATE storage_servers SET last_heartbeat = now() - interval '31 seconds'");

        var snapshot = await registry.ReadAsync(default);

        Assert.Equal(ServerStatus.Offline, Assert.Single(snapshot.Servers).Status);
        Assert.Equal(0, snapshot.Ring.Count);

        await registry.HeartbeatAsync(Report(), default);
        Assert.Equal(150, (await registry.ReadAsync(default)).Ring.Count);
    }

    [Theory]
    [InlineData("draining", ServerStatus.Draining)]
    [InlineData("removed", ServerStatus.Removed)]
    public async Task Register_AnOperatorTookItOut_StaysOut(string status, ServerStatus expected)
    {
        var registry = Registry();
        await registry.RegisterAsync(Report(), default);
        await ExecuteAsync($"UPDATE storage_servers SET status = '{status}'");

        await registry.RegisterAsync(Report(), default);
        await registry.HeartbeatAsync(Report(), default);
        await registry.SignOffAsync(s_id, PostgresFixture.Cluster, default);

        var snapshot = await registry.ReadAsync(default);
        Assert.Equal(expected, Assert.Single(snapshot.Servers).Status);
        Assert.Equal(0, snapshot.Ring.Count);
    }

    [Fact]
    public async Task Register_RemovedServer_IsToldSoAndGetsNoPoints()
    {
        var registry = Registry();
        Assert.Equal(ServerStatus.Online, (await registry.RegisterAsync(Report(), default))!.Status);
        await ExecuteAsync("DELETE FROM hash_ring_nodes; UPDATE storage_servers SET status = 'removed'");

        Assert.Equal(ServerStatus.Removed, (await registry.RegisterAsync(Report(), default))!.Status);

        Assert.NotNull(await registry.HeartbeatAsync(Report(), default));
        await using var count = postgres.Database.CreateCommand("SELECT count(*) FROM hash_ring_nodes");
        Assert.Equal(0L, await count.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Heartbeat_ServerWithoutPoints_MustRegister()
    {
        var registry = Registry();
        await registry.RegisterAsync(Report(), default);
        await ExecuteAsync("DELETE FROM hash_ring_nodes");

        Assert.Null(await registry.HeartbeatAsync(Report(), default));
        await registry.RegisterAsync(Report(), default);

        Assert.NotNull(await registry.HeartbeatAsync(Report(), default));
        Assert.Equal(150, (await registry.ReadAsync(default)).Ring.Count);
    }

    [Fact]
    public async Task Read_HeartbeatSomeTimeAgo_SaysHowLongByTheDatabasesClock()
    {
        var registry = Registry();
        await registry.RegisterAsync(Report(), default);
        await ExecuteAsync("UPDATE storage_servers SET last_heartbeat = now() - interval '12 seconds'");

        Assert.InRange(Assert.Single(await registry.ReadServersAsync(default)).HeartbeatAge.TotalSeconds, 12, 25);
    }

    [Fact]
    public async Task SignOff_OnlineServer_IsOfflineUntilItsNextHeartbeat()
    {
        var registry = Registry();
        await registry.RegisterAsync(Report(), default);

        await registry.SignOffAsync(s_id, PostgresFixture.Cluster, default);
        Assert.Equal(ServerStatus.Offline, Assert.Single((await registry.ReadAsync(default)).Servers).Status);

        await registry.HeartbeatAsync(Report(), default);
        Assert.Equal(ServerStatus.Online, Assert.Single((await registry.ReadAsync(default)).Servers).Status);
    }

    [Fact]
    public async Task Register_OfAnotherCluster_ReturnsNullAndChangesNothing()
    {
        var registry = Registry();
        await registry.RegisterAsync(Report(), default);
        var before = await registry.ReadAsync(default);
        var foreign = Report("http://127.0.0.1:9/") with { Cluster = new(Guid.CreateVersion7()) };

        Assert.Null(await registry.RegisterAsync(foreign, default));
        Assert.Null(await Registry(virtualNodes: 10).RegisterAsync(foreign with { Id = Servers.Make(2)[1] }, default));
        Assert.Null(await registry.HeartbeatAsync(foreign with { UsedBytes = 77 }, default));
        await registry.SignOffAsync(s_id, foreign.Cluster, default);

        var after = await registry.ReadAsync(default);
        Assert.Equal(
            Assert.Single(before.Servers) with { HeartbeatAge = default }, Assert.Single(after.Servers) with { HeartbeatAge = default });
        Assert.Equal(before.Ring.Count, after.Ring.Count);
    }

    [Fact]
    public async Task Identify_SomeChunks_TellsTheClusterAndWhetherAnyIsKnown()
    {
        var registry = Registry();
        var (known, unknown) = (ChunkId.New(TimeProvider.System), ChunkId.New(TimeProvider.System));
        await ExecuteAsync($"""
            WITH f AS (
                INSERT INTO files (file_id, filename, content_type, copies, upload_status)
                VALUES ('{Guid.CreateVersion7()}', 'a', 'b/c', 1, 'uploading') RETURNING file_id)
            INSERT INTO chunks (chunk_id, file_id, chunk_number, chunk_offset) SELECT '{known}', file_id, 0, 0 FROM f
            """);

        Assert.Equal((PostgresFixture.Cluster, false), await registry.IdentifyAsync([], default));
        Assert.Equal((PostgresFixture.Cluster, false), await registry.IdentifyAsync([unknown], default));
        Assert.Equal((PostgresFixture.Cluster, true), await registry.IdentifyAsync([unknown, known], default));
        await ExecuteAsync($"DELETE FROM files WHERE file_id = (SELECT file_id FROM chunks WHERE chunk_id = '{known}')");
    }

    [Fact]
    public async Task EveryChangeOthersMustFollow_IsAnnouncedAndPlainHeartbeatsAreNot()
    {
        var registry = Registry();
        await using var connection = await postgres.Database.OpenConnectionAsync();
        var heard = new List<string>();
        connection.Notification += (_, notification) => heard.Add(notification.Payload);
        await using (var listen = new Npgsql.NpgsqlCommand($"LISTEN {NodeRegistry.Channel}", connection))
        {
            await listen.ExecuteNonQueryAsync();
        }

        await registry.RegisterAsync(Report(), default);
        await connection.WaitAsync(TimeSpan.FromSeconds(10));
        await registry.HeartbeatAsync(Report(), default);
        await registry.HeartbeatAsync(Report(), default);
        await registry.SignOffAsync(s_id, PostgresFixture.Cluster, default);
        await connection.WaitAsync(TimeSpan.FromSeconds(10));
        await registry.HeartbeatAsync(Report(), default);
        await connection.WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(Enumerable.Repeat(s_id.ToString(), 3), heard);
    }

    private static int RankOf(HashRing stored, HashRing computed, int index) =>
        stored.IndexOf(HashRing.PointOf(s_id, index)) == computed.IndexOf(HashRing.PointOf(s_id, index)) ? index : -1;

    private static NodeReport Report(string address = "http://127.0.0.1:1/") =>
        new(s_id, PostgresFixture.Cluster, "storage-1", new Uri(address), 1000, 10, 1);

    private NodeRegistry Registry(int virtualNodes = 150) =>
        new(postgres.Database, Options.Create(new ClusterOptions { VirtualNodes = virtualNodes }));

    private async Task ExecuteAsync(string sql)
    {
        await using var command = postgres.Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
