using MediaAspire.Tests.Harness;
using MediaAspire.Worker.Sweeping;
using Npgsql;

namespace MediaAspire.Tests.Sweeping;

public sealed class DeletedFilesDutyTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task The_bytes_and_rows_of_a_deleted_file_go_and_those_of_others_stay()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 3);
        var (gone, kept) = (await cluster.StoreAsync(), await cluster.StoreAsync());
        Assert.True(await cluster.Catalog.DeleteAsync(gone.Id, owner: null, default));

        Assert.Equal(2, await cluster.RunAsync<DeletedFilesDuty>());
        await cluster.RunAsync<RemovalDuty>();

        Assert.Empty(cluster.NodesWith(gone.Chunks[0].Id));
        Assert.Null(await cluster.StatusAsync(gone.Id));
        Assert.Equal(2, cluster.NodesWith(kept.Chunks[0].Id).Length);
        Assert.NotNull(await cluster.Catalog.FindAsync(kept.Id, default));
    }

    [Fact]
    public async Task Within_the_grace_nothing_happens()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 2, ("Sweeping:DeletedFilesGrace", "00:10:00"));
        var (full, empty) = (await cluster.StoreAsync(), await cluster.StoreAsync(bytes: 0));
        await cluster.Catalog.DeleteAsync(full.Id, owner: null, default);
        await cluster.Catalog.DeleteAsync(empty.Id, owner: null, default);

        Assert.Equal(0, await cluster.RunAsync<DeletedFilesDuty>());
        Assert.Equal(0, await cluster.RunAsync<RemovalDuty>());

        Assert.Equal("stored stored", await cluster.StatesAsync(full.Chunks[0].Id));
        Assert.Equal("deleted", await cluster.StatusAsync(empty.Id));
    }

    [Fact]
    public async Task A_file_that_is_brought_back_while_the_collector_runs_is_left_alone()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 2);
        var file = await cluster.StoreAsync();
        await cluster.Catalog.DeleteAsync(file.Id, owner: null, default);

        await using (var connection = await postgres.Database.OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await using var restore = new NpgsqlCommand(
                "UPDATE files SET upload_status = 'completed', deleted_at = NULL WHERE file_id = $1", connection, transaction);
            restore.Parameters.Add(new() { Value = file.Id.Value });
            await restore.ExecuteNonQueryAsync();

            Assert.Equal(0, await cluster.RunAsync<DeletedFilesDuty>());
            await transaction.CommitAsync();
        }

        Assert.Equal(0, await cluster.RunAsync<DeletedFilesDuty>());
        Assert.Equal("stored stored", await cluster.StatesAsync(file.Chunks[0].Id));
    }

    [Fact]
    public async Task A_deleted_files_copy_that_is_being_made_goes_too_and_can_no_longer_be_completed()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 3);
        var file = await cluster.StoreAsync();
        var chunk = file.Chunks[0].Id.Value;
        await postgres.ExecuteAsync(
            """
            INSERT INTO chunk_replicas (chunk_id, server_id, status) SELECT $1, server_id, 'copying' FROM storage_servers
            ON CONFLICT DO NOTHING
            """,
            chunk);
        await cluster.Catalog.DeleteAsync(file.Id, owner: null, default);

        await cluster.RunAsync<DeletedFilesDuty>();

        Assert.Equal(0, await postgres.ExecuteAsync(
            "UPDATE chunk_replicas SET status = 'stored' WHERE chunk_id = $1 AND status = 'copying'", chunk));
        await cluster.RunAsync<RemovalDuty>();
        Assert.Null(await cluster.StatusAsync(file.Id));
    }

    [Fact]
    public async Task Two_collectors_at_once_take_every_copy_once_page_by_page()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 2, ("Sweeping:PageSize", "3"));
        var empty = await cluster.StoreAsync(bytes: 0);
        await cluster.Catalog.DeleteAsync(empty.Id, owner: null, default);
        for (var i = 0; i < 20; i++)
        {
            await cluster.Catalog.DeleteAsync((await cluster.StoreAsync()).Id, owner: null, default);
        }

        var taken = await Task.WhenAll(cluster.RunAsync<DeletedFilesDuty>(), cluster.RunAsync<DeletedFilesDuty>());
        await cluster.RunAsync<RemovalDuty>();

        Assert.Equal(40, taken.Sum());
        Assert.Equal(0, await postgres.ScalarAsync<long>("SELECT count(*) FROM files"));
        Assert.All(cluster.Nodes, node => Assert.Empty(node.Files));
    }
}
