using MediaAspire.Core.Integrity;
using MediaAspire.Core.NodeAdministration;
using MediaAspire.Tests.Harness;
using MediaAspire.Worker.Sweeping;
using Microsoft.Extensions.Logging.Abstractions;

namespace MediaAspire.Tests.Sweeping;

public sealed partial class OrphansDutyTests
{
    [Fact]
    public async Task A_database_that_knows_hardly_any_of_a_servers_chunks_deletes_none_of_them()
    {
        await using var cluster = await DutyCluster.StartAsync(
            postgres, nodes: 1, ("Chunks:Copies", "1"), ("Sweeping:MaxOrphanShare", "0.01"));
        for (var i = 0; i < 101; i++)
        {
            await cluster.Nodes[0].PutAsync(TestBytes.Make(i, 10));
        }

        await cluster.StoreAsync();
        await cluster.RunAsync<OrphansDuty>();
        await cluster.RunAsync<OrphansDuty>();

        Assert.Equal(102, cluster.Nodes[0].Files.Length);
        Assert.Equal(101, (await cluster.Get<IntegrityReport>().CountAsync(default)).Untracked);
    }

    [Fact]
    public async Task One_unknown_chunk_of_three_stays_until_an_operator_permits_one_pass()
    {
        await using var cluster = await DutyCluster.StartAsync(
            postgres, nodes: 1, ("Chunks:Copies", "1"), ("Sweeping:MaxOrphanShare", "0.01"));
        await cluster.StoreAsync();
        await cluster.StoreAsync();
        var orphan = await cluster.Nodes[0].PutAsync(TestBytes.Make(5, 500));
        var permits = new CollectionPermits(postgres.Database, NullLogger<CollectionPermits>.Instance);
        Assert.Null(await permits.GrantAsync(cluster.Servers[0], default));

        await cluster.RunAsync<OrphansDuty>();
        await cluster.RunAsync<OrphansDuty>();
        Assert.Equal([0], cluster.NodesWith(orphan));

        Assert.Equal(1, await permits.GrantAsync(cluster.Servers[0], default));
        await cluster.RunAsync<OrphansDuty>();
        Assert.Empty(cluster.NodesWith(orphan));
        Assert.Equal(orphan, Assert.Single(cluster.Nodes[0].Store.ListTrash(after: null, limit: 10)).Name.Chunk);

        // For one pass, and for those chunks only.
        var second = await cluster.Nodes[0].PutAsync(TestBytes.Make(6, 500));
        await cluster.RunAsync<OrphansDuty>();
        Assert.Equal(1, await permits.GrantAsync(cluster.Servers[0], default));
        var third = await cluster.Nodes[0].PutAsync(TestBytes.Make(7, 500));
        await cluster.RunAsync<OrphansDuty>();
        Assert.All([second, third], chunk => Assert.Equal([0], cluster.NodesWith(chunk)));
        await postgres.ExecuteAsync("UPDATE collection_permits SET chunks = 2, granted_at = now() - interval '2 days'");
        await cluster.RunAsync<OrphansDuty>();
        Assert.Equal(4, cluster.Nodes[0].Files.Length);
    }

    [Fact]
    public async Task A_database_that_knows_none_of_a_servers_chunks_deletes_none_until_it_knows_one()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 2);
        var orphan = await cluster.Nodes[1].PutAsync(TestBytes.Make(5, 500));

        await cluster.RunAsync<OrphansDuty>();
        await cluster.RunAsync<OrphansDuty>();

        Assert.Equal([1], cluster.NodesWith(orphan));
        Assert.Equal(1, (await cluster.Get<IntegrityReport>().CountAsync(default)).Untracked);

        // The remains of an upload that was cut before its commit are removed once the server participates.
        await cluster.StoreAsync();
        await cluster.RunAsync<OrphansDuty>();
        Assert.Empty(cluster.NodesWith(orphan));
    }

    [Fact]
    public async Task A_database_of_another_cluster_that_knows_the_servers_deletes_nothing_on_them()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 2);
        var chunk = (await cluster.StoreAsync()).Chunks[0].Id;
        var (doomed, orphan) = ((await cluster.StoreAsync()).Chunks[0].Id, await cluster.Nodes[1].PutAsync(TestBytes.Make(5, 500)));
        await postgres.ExecuteAsync("UPDATE chunk_replicas SET status = 'deleting' WHERE chunk_id = $1", doomed.Value);
        await postgres.ExecuteAsync(
            "INSERT INTO untracked_chunks (server_id, chunk_id, bytes) VALUES ($1, $2, 500)", cluster.Servers[1].Value, orphan.Value);
        await WithAnotherClusterAsync(async () =>
        {
            await cluster.RunAsync<OrphansDuty>();
            await cluster.RunAsync<RemovalDuty>();
        });

        Assert.Equal("stored stored", await cluster.StatesAsync(chunk));
        Assert.Equal("deleting deleting", await cluster.StatesAsync(doomed));
        Assert.All([chunk, doomed], id => Assert.Equal([0, 1], cluster.NodesWith(id)));
        Assert.Equal([1], cluster.NodesWith(orphan));
    }

    [Fact]
    public async Task A_database_that_another_one_took_the_place_of_decides_no_deletion()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 2);
        await cluster.StoreAsync();
        var (doomed, orphan) = ((await cluster.StoreAsync()).Chunks[0].Id, await cluster.Nodes[1].PutAsync(TestBytes.Make(5, 500)));
        await postgres.ExecuteAsync("UPDATE chunk_replicas SET status = 'deleting' WHERE chunk_id = $1", doomed.Value);
        await postgres.ExecuteAsync(
            "INSERT INTO untracked_chunks (server_id, chunk_id, bytes) VALUES ($1, $2, 500)", cluster.Servers[1].Value, orphan.Value);
        var server = cluster.OnRecord(1);

        Assert.Equal([orphan], (await cluster.Get<DiskFindings>().FindForeignAsync(server, default)).Chunks);
        await WithAnotherClusterAsync(async () =>
        {
            Assert.Empty((await cluster.Get<DiskFindings>().FindForeignAsync(server, default)).Chunks);
            Assert.Equal(0, await cluster.Get<DiskFindings>().HandToRemovalAsync(server, default));
            await using var page = await cluster.Get<RemovalQueue>().TakeAsync(server, default);
            Assert.Empty(page.Chunks);
        });
        await using var own = await cluster.Get<RemovalQueue>().TakeAsync(server, default);
        Assert.Equal([doomed], own.Chunks);
    }

    /// <summary>Gives the database the id of another cluster until it is disposed.</summary>
    private async Task WithAnotherClusterAsync(Func<Task> act)
    {
        await postgres.ExecuteAsync("UPDATE cluster SET cluster_id = gen_random_uuid()");
        try
        {
            await act();
        }
        finally
        {
            await postgres.ExecuteAsync("UPDATE cluster SET cluster_id = $1", PostgresFixture.Cluster.Value);
        }
    }
}
