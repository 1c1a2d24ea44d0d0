using MediaAspire.Core.Ids;
using MediaAspire.Tests.Harness;
using MediaAspire.Worker.Sweeping;

namespace MediaAspire.Tests.Sweeping;

public sealed class RemovalDutyTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_copy_stays_for_the_grace()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 2, ("Sweeping:RemovalGrace", "00:10:00"));
        var chunk = await StoreAndDeleteAsync(cluster);

        Assert.Equal(0, await cluster.RunAsync<RemovalDuty>());
        Assert.Equal([0, 1], cluster.NodesWith(chunk));

        await postgres.ExecuteAsync("UPDATE chunk_replicas SET status_since = now() - interval '11 minutes'");
        await cluster.RunAsync<RemovalDuty>();
        Assert.Empty(cluster.NodesWith(chunk));
        Assert.Equal("- -", await cluster.StatesAsync(chunk));
    }

    [Fact]
    public async Task Killed_between_unlinking_and_forgetting_the_next_round_forgets()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 2);
        var chunk = await StoreAndDeleteAsync(cluster);
        await using (var page = await cluster.Get<RemovalQueue>().TakeAsync(cluster.OnRecord(0), default))
        {
            Assert.Equal([chunk], page.Chunks);
            Assert.True(await cluster.Nodes[0].Client.DeleteAsync(chunk, default));
            page.SetRemoved(chunk);

            // Not committed: the worker is dead.
        }

        Assert.Equal("deleting deleting", await cluster.StatesAsync(chunk));
        Assert.Equal([1], cluster.NodesWith(chunk));

        Assert.Equal(3, await cluster.RunAsync<RemovalDuty>());
        Assert.Equal(0, await postgres.ScalarAsync<long>("SELECT count(*) FROM files"));
        Assert.Empty(cluster.NodesWith(chunk));
    }

    [Fact]
    public async Task While_a_worker_unlinks_a_copy_no_other_does_and_no_new_copy_takes_its_place()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 2);
        var chunk = await StoreAndDeleteAsync(cluster);
        await using var held = await cluster.Get<RemovalQueue>().TakeAsync(cluster.OnRecord(0), default);

        await cluster.RunAsync<RemovalDuty>();

        Assert.Equal("deleting -", await cluster.StatesAsync(chunk));
        Assert.Equal([0], cluster.NodesWith(chunk));
        Assert.Equal(0, await postgres.ExecuteAsync(
            "INSERT INTO chunk_replicas (chunk_id, server_id, status) VALUES ($1, $2, 'copying') ON CONFLICT DO NOTHING",
            chunk.Value, cluster.Servers[0].Value));
    }

    [Fact]
    public async Task Two_workers_at_once_remove_every_copy_once()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 3, ("Sweeping:PageSize", "7"));
        for (var i = 0; i < 30; i++)
        {
            await cluster.StoreAsync();
        }

        await postgres.ExecuteAsync("UPDATE files SET upload_status = 'deleted', deleted_at = now() - interval '1 hour'");
        await postgres.ExecuteAsync("UPDATE chunk_replicas SET status = 'deleting'");

        var removed = await Task.WhenAll(cluster.RunAsync<RemovalDuty>(), cluster.RunAsync<RemovalDuty>());
        removed = [.. removed, await cluster.RunAsync<RemovalDuty>()];

        Assert.Equal(60 + 30, removed.Sum());
        Assert.Equal(0, await postgres.ScalarAsync<long>("SELECT count(*) FROM files"));
        Assert.All(cluster.Nodes, node => Assert.Empty(node.Files));
    }

    [Fact]
    public async Task Copies_on_a_server_that_does_not_answer_wait_for_it_and_the_others_go()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 2);
        var chunk = await StoreAndDeleteAsync(cluster);
        await cluster.Nodes[1].StopAsync();

        await cluster.RunAsync<RemovalDuty>();

        Assert.Equal("- deleting", await cluster.StatesAsync(chunk));
        Assert.Equal(1, await postgres.ScalarAsync<long>("SELECT count(*) FROM files"));
    }

    [Fact]
    public async Task An_offline_server_is_not_asked()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 2);
        var chunk = await StoreAndDeleteAsync(cluster);
        await postgres.ExecuteAsync(
            "UPDATE storage_servers SET last_heartbeat = now() - interval '1 hour' WHERE server_id = $1", cluster.Servers[1].Value);

        await cluster.RunAsync<RemovalDuty>();
        Assert.Equal("- deleting", await cluster.StatesAsync(chunk));
        Assert.Equal([1], cluster.NodesWith(chunk));

        await cluster.RegisterAsync(1);
        await cluster.RunAsync<RemovalDuty>();
        Assert.Equal("- -", await cluster.StatesAsync(chunk));
        Assert.Empty(cluster.NodesWith(chunk));
    }

    [Fact]
    public async Task Copies_on_a_removed_server_are_forgotten_without_asking_it()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 2);
        var chunk = await StoreAndDeleteAsync(cluster);
        await postgres.ExecuteAsync("UPDATE storage_servers SET status = 'removed' WHERE server_id = $1", cluster.Servers[1].Value);

        await cluster.RunAsync<RemovalDuty>();

        Assert.Equal("- -", await cluster.StatesAsync(chunk));
        Assert.Equal([1], cluster.NodesWith(chunk));
        Assert.Equal(0, await postgres.ScalarAsync<long>("SELECT count(*) FROM files"));
    }

    [Fact]
    public async Task A_server_whose_address_passed_to_another_one_is_not_mistaken_for_it()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 2);
        var chunk = (await cluster.StoreAsync()).Chunks[0].Id;
        await postgres.ExecuteAsync("UPDATE chunk_replicas SET status = 'deleting' WHERE server_id = $1", cluster.Servers[0].Value);
        await cluster.RegisterAsync(0, at: 1);

        await cluster.RunAsync<RemovalDuty>();

        Assert.Equal("deleting stored", await cluster.StatesAsync(chunk));
        Assert.Equal([0, 1], cluster.NodesWith(chunk));
    }

    [Fact]
    public async Task A_copy_that_is_not_to_go_is_never_touched()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 2);
        var file = await cluster.StoreAsync();
        var chunk = file.Chunks[0].Id;
        foreach (var status in new[] { "writing", "stored", "failed", "corrupt", "missing", "copying" })
        {
            await postgres.ExecuteAsync("UPDATE chunk_replicas SET status = $1, status_since = now() - interval '1 year'", status);

            Assert.Equal(0, await cluster.RunAsync<RemovalDuty>());

            Assert.Equal($"{status} {status}", await cluster.StatesAsync(chunk));
            Assert.Equal([0, 1], cluster.NodesWith(chunk));
        }
    }

    private async Task<ChunkId> StoreAndDeleteAsync(DutyCluster cluster)
    {
        var file = await cluster.StoreAsync();
        await postgres.ExecuteAsync(
            "UPDATE files SET upload_status = 'deleted', deleted_at = now() - interval '1 hour' WHERE file_id = $1", file.Id.Value);
        await postgres.ExecuteAsync(
            "UPDATE chunk_replicas SET status = 'deleting', status_since = now() WHERE chunk_id = $1", file.Chunks[0].Id.Value);
        return file.Chunks[0].Id;
    }
}
