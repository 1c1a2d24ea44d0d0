using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Storage;

public sealed class RegistrationTests(PostgresFixture postgres) : IAsyncLifetime, IDisposable, IClassFixture<PostgresFixture>
{
    private static readonly ClusterId s_foreign = new(new Guid("c1057e70-0000-4000-8000-00000000f0f0"));
    private static readonly TimeSpan s_heartbeat = TimeSpan.FromSeconds(1);

    private readonly NodeRegistry _registry = new(postgres.Database, Options.Create(new ClusterOptions()));
    private readonly TemporaryDirectory _disk = new();

    public Task InitializeAsync() => postgres.ClearAsync();

    public Task DisposeAsync() => SetClusterAsync(PostgresFixture.Cluster);

    public void Dispose() => _disk.Dispose();

    [Fact]
    public async Task A_node_registers_where_it_listens_serves_and_signs_off()
    {
        await using var node = await TestNode.StartAsync(database: postgres.ConnectionString);

        await UntilServingAsync(node);
        var server = Assert.Single((await _registry.ReadAsync(default)).Servers);
        Assert.Equal((node.Address, ServerStatus.Online), (server.Address, server.Status));
        Assert.True(server.AvailableBytes > 0);

        await node.StopAsync();
        Assert.Equal(ServerStatus.Offline, Assert.Single((await _registry.ReadAsync(default)).Servers).Status);
    }

    [Fact]
    public async Task A_node_that_was_struck_off_registers_again_with_its_next_heartbeat()
    {
        await using var node = await TestNode.StartAsync(database: postgres.ConnectionString, heartbeat: s_heartbeat);
        await Until.TrueAsync("it is on record", async () => (await _registry.ReadAsync(default)).Servers.Count == 1);

        await postgres.ClearAsync();

        await Until.TrueAsync("it is on the ring", async () => (await _registry.ReadAsync(default)).Ring.Count == 150);
    }

    [Fact]
    public async Task A_new_disk_joins_the_first_cluster_that_it_registers_with()
    {
        await using (var node = await StartOnDiskAsync())
        {
            await UntilServingAsync(node);
            Assert.Equal(PostgresFixture.Cluster, node.Cluster);
        }

        Assert.Equal($"{PostgresFixture.Cluster}\n", await File.ReadAllTextAsync(ClusterFile));
    }

    [Fact]
    public async Task A_node_with_certificates_registers_an_https_address()
    {
        using var files = new TemporaryDirectory();
        using var authority = new TestAuthority(files);
        await using var node = await TestNode.StartAsync(
            database: postgres.ConnectionString, heartbeat: s_heartbeat, tls: authority.Issue());

        await UntilServingAsync(node);

        var server = Assert.Single((await _registry.ReadAsync(default)).Servers);
        Assert.Equal(node.Address, server.Address);
        Assert.Equal(Uri.UriSchemeHttps, server.Address.Scheme);
    }

    [Fact]
    public async Task A_disk_of_another_cluster_is_refused_with_both_ids_and_taken_once_its_own_database_is_back()
    {
        await File.WriteAllTextAsync(ClusterFile, $"{s_foreign}\n");
        await using var node = await StartOnDiskAsync();

        var reason = await UntilRefusedAsync(node);
        Assert.All(
            new[] { $"{s_foreign}", $"{PostgresFixture.Cluster}", _disk.Path, "ConnectionStrings:media", "Storage:DataDirectory" },
            part => Assert.Contains(part, reason, StringComparison.Ordinal));
        Assert.False(await node.Client.IsServingAsync(default));
        Assert.Empty((await _registry.ReadAsync(default)).Servers);

        await SetClusterAsync(s_foreign);
        await UntilServingAsync(node);
        Assert.Equal($"{s_foreign}\n", await File.ReadAllTextAsync(ClusterFile));
    }

    [Fact]
    public async Task A_node_whose_id_the_other_database_knows_is_refused_all_the_same()
    {
        await using var node = await TestNode.StartAsync(database: postgres.ConnectionString, heartbeat: s_heartbeat);
        await UntilServingAsync(node);

        // The rows stay: the database is a copy that became the database of another cluster.
        await SetClusterAsync(s_foreign);

        Assert.Contains($"{s_foreign}", await UntilRefusedAsync(node), StringComparison.Ordinal);
        var silentSince = await HeartbeatAsync(node.Id);
        await node.StopAsync();
        Assert.Equal(silentSince, await HeartbeatAsync(node.Id));
        Assert.Equal("online", await postgres.ScalarAsync<string>("SELECT status FROM storage_servers"));
    }

    [Fact]
    public async Task A_disk_from_before_cluster_ids_joins_the_database_that_knows_some_of_its_chunks()
    {
        var (known, unknown) = await FillDiskAsync();
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 1, ("Chunks:Copies", "1"));
        var file = await cluster.StoreAsync();
        await postgres.ExecuteAsync("UPDATE chunk_replicas SET status = 'deleting' WHERE chunk_id = $1", file.Chunks[0].Id.Value);
        await postgres.ExecuteAsync(
            "INSERT INTO chunks (chunk_id, file_id, chunk_number, chunk_offset) VALUES ($1, $2, 1, 0)", known.Value, file.Id.Value);

        await using var node = await StartOnDiskAsync();

        await UntilServingAsync(node);
        Assert.Equal(PostgresFixture.Cluster, node.Cluster);
        Assert.NotNull(await node.Client.StatAsync(unknown, default));
    }

    [Fact]
    public async Task A_disk_from_before_cluster_ids_does_not_join_a_database_that_knows_the_node_and_none_of_its_chunks()
    {
        await FillDiskAsync();
        var id = await File.ReadAllTextAsync(Path.Combine(_disk.Path, "server_id"));
        Assert.True(ServerId.TryParse(id.Trim(), out var server));
        await _registry.RegisterAsync(
            new NodeReport(server, PostgresFixture.Cluster, "node", new Uri("http://127.0.0.1:1"), 1, 0, 2), default);
        await using (var node = await StartOnDiskAsync())
        {
            var reason = await UntilRefusedAsync(node);
            Assert.All(
                new[] { "2 chunks", $"{PostgresFixture.Cluster}", ClusterFile },
                part => Assert.Contains(part, reason, StringComparison.Ordinal));
            Assert.Null(node.Cluster);
            Assert.False(File.Exists(ClusterFile));
            Assert.Equal(2, node.Files.Length);
        }

        // The remedy that the reason names.
        await File.WriteAllTextAsync(ClusterFile, $"{PostgresFixture.Cluster}\n");
        await using var again = await StartOnDiskAsync();
        await UntilServingAsync(again);
    }

    private string ClusterFile => Path.Combine(_disk.Path, "cluster_id");

    /// <summary>Leaves two chunks on the disk and no cluster id, as a node of an earlier version did.</summary>
    private async Task<(ChunkId First, ChunkId Second)> FillDiskAsync()
    {
        await using var node = await TestNode.StartAsync(directory: _disk);
        return (await node.PutAsync(TestBytes.Make(1, 100)), await node.PutAsync(TestBytes.Make(2, 100)));
    }

    private Task<TestNode> StartOnDiskAsync() =>
        TestNode.StartAsync(database: postgres.ConnectionString, heartbeat: s_heartbeat, directory: _disk);

    private Task<int> SetClusterAsync(ClusterId cluster) => postgres.ExecuteAsync("UPDATE cluster SET cluster_id = $1", cluster.Value);

    private async Task<DateTime> HeartbeatAsync(ServerId server) =>
        await postgres.ScalarAsync<DateTime>("SELECT last_heartbeat FROM storage_servers WHERE server_id = $1", server.Value);

    private static Task UntilServingAsync(TestNode node) => Until.TrueAsync("the node serves", () => node.Client.IsServingAsync(default));

    /// <returns>The reason that its health check gives.</returns>
    private static async Task<string> UntilRefusedAsync(TestNode node)
    {
        var reason = "";
        await Until.TrueAsync("the node refuses", async () =>
            (reason = (await node.CheckHealthAsync()).Entries["membership"].Description ?? "").Contains("Storage", StringComparison.Ordinal)
            || reason.Contains("cluster_id", StringComparison.Ordinal));
        return reason;
    }
}
