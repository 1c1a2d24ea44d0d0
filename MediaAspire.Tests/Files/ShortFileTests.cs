using MediaAspire.Core.Chunks;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Files;

/// <summary>Tests of files of one run, whose rows are written once, after their bytes.</summary>
public sealed class ShortFileTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly byte[] s_bytes = TestBytes.Make(7, 60_000);

    [Theory]
    [InlineData(1)]
    [InlineData(BlockFormat.BlockSize)]
    public async Task A_short_file_is_written_down_like_any_other(int length)
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 3);
        await using var store = await TestFileStore.StartAsync(postgres, cluster);

        var file = await store.PutAsync(TestBytes.Make(8, length));

        Assert.Equal(TestBytes.Make(8, length), await store.GetAsync(file.Id));
        Assert.Equal(1, await store.CountAsync($"""
            SELECT count(*) FROM files JOIN chunks USING (file_id)
            WHERE upload_status = 'completed' AND total_size = {length} AND chunk_size = {length}
                AND chunk_hash = checksum AND chunk_number = 0
            """));
        Assert.Equal(2, await store.CountAsync("SELECT count(*) FROM chunk_replicas WHERE status = 'stored'"));
        Assert.Equal(0, await store.CountAsync("SELECT count(*) FROM upload_sessions"));
    }

    [Theory]
    [InlineData(Fault.HangsAtOnce)]
    [InlineData(Fault.Hangs)]
    [InlineData(Fault.IsFull)]
    public async Task A_server_that_fails_is_replaced_and_remembered(Fault fault)
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 3);
        await using var faulty = await FaultyNode.StartAsync(fault);
        cluster.Replace(0, faulty.Address);
        await using var store = await TestFileStore.StartAsync(postgres, cluster);

        // Each file is placed on two servers, so the faulty one has some.
        var files = new List<StoredFileSummary>();
        for (var i = 0; i < 6; i++)
        {
            files.Add(await store.PutAsync(s_bytes));
        }

        Assert.Equal(12, await store.CountAsync("SELECT count(*) FROM chunk_replicas WHERE status = 'stored'"));
        Assert.Equal(0, await store.CountAsync(
            $"SELECT count(*) FROM chunk_replicas WHERE status = 'stored' AND server_id = '{cluster.Servers[0].Id}'"));
        Assert.NotEqual(0, await store.CountAsync(
            $"SELECT count(*) FROM chunk_replicas WHERE status = 'failed' AND server_id = '{cluster.Servers[0].Id}'"));
        foreach (var file in files)
        {
            Assert.Equal(s_bytes, await store.GetAsync(file.Id));
        }
    }

    [Fact]
    public async Task An_abandoned_upload_leaves_no_byte_and_no_row()
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 2);
        await using var store = await TestFileStore.StartAsync(postgres, cluster);

        await using (var upload = await BeginAsync(store))
        {
            await upload.WriteAsync(new MemoryStream(s_bytes), long.MaxValue, default);
        }

        Assert.All(cluster.Nodes, node => Assert.Empty(node.Files));
        Assert.Equal(0, await store.CountAsync("SELECT count(*) FROM files"));
    }

    [Fact]
    public async Task A_body_of_another_length_is_refused_before_it_is_sent()
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 2);
        await using var store = await TestFileStore.StartAsync(postgres, cluster);

        await using var upload = await store.Writer.BeginAsync(new NewFile("a", "b/c") { Length = s_bytes.Length + 1 }, default);
        var failure = await Assert.ThrowsAsync<FileWriteException>(() =>
            upload.WriteAsync(new MemoryStream(s_bytes), long.MaxValue, default));

        Assert.Equal(FileWriteFailure.LengthMismatch, failure.Failure);
        Assert.All(cluster.Nodes, node => Assert.Empty(node.Files));
    }

    [Fact]
    public async Task A_commit_that_comes_after_the_sweep_has_seen_its_chunk_is_refused()
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 2);
        await using var store = await TestFileStore.StartAsync(postgres, cluster);
        await using (var upload = await BeginAsync(store))
        {
            await upload.WriteAsync(new MemoryStream(s_bytes), long.MaxValue, default);
            var chunk = await cluster.Nodes[0].WaitForChunkAsync();
            await postgres.ExecuteAsync(
                "INSERT INTO untracked_chunks (server_id, chunk_id, bytes) VALUES ($1, $2, 1)", cluster.Servers[0].Id.Value, chunk.Value);

            var failure = await Assert.ThrowsAsync<FileWriteException>(() => upload.CommitAsync(default));

            Assert.Equal(FileWriteFailure.SessionLost, failure.Failure);
        }

        Assert.Equal(0, await store.CountAsync("SELECT count(*) FROM files"));
        Assert.All(cluster.Nodes, node => Assert.Empty(node.Files));
    }

    [Fact]
    public async Task A_commit_whose_server_was_removed_meanwhile_is_refused()
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 2);
        await using var store = await TestFileStore.StartAsync(postgres, cluster);
        await using var upload = await BeginAsync(store);
        await upload.WriteAsync(new MemoryStream(s_bytes), long.MaxValue, default);
        await postgres.ExecuteAsync("UPDATE storage_servers SET status = 'removed' WHERE server_id = $1", cluster.Servers[1].Id.Value);

        var failure = await Assert.ThrowsAsync<FileWriteException>(() => upload.CommitAsync(default));

        Assert.Equal(FileWriteFailure.SessionLost, failure.Failure);
        Assert.Equal(0, await store.CountAsync("SELECT count(*) FROM files"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_commit_whose_answer_is_lost_keeps_the_bytes_of_what_it_may_have_made_visible(bool reachesTheServer)
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 2);
        await using var proxy = new CommitBreaker(postgres, reachesTheServer);
        await using var store = await TestFileStore.StartAsync(postgres, cluster, database: proxy.Database);

        FileId id;
        await using (var upload = await BeginAsync(store))
        {
            id = upload.Id;
            await upload.WriteAsync(new MemoryStream(s_bytes), long.MaxValue, default);
            proxy.BreakAtCommit();
            await Assert.ThrowsAnyAsync<Npgsql.NpgsqlException>(() => upload.CommitAsync(default));
            Assert.True(proxy.HasBroken);
        }

        if (reachesTheServer)
        {
            // The connection is gone before the server has executed the statements.
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            while (await store.CountAsync("SELECT count(*) FROM files") == 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
            }

            Assert.Equal(s_bytes, await store.GetAsync(id));
        }
        else
        {
            // The two cases cannot be distinguished: the sweep of orphans removes these files.
            Assert.Equal(0, await store.CountAsync("SELECT count(*) FROM files"));
            Assert.All(cluster.Nodes, node => Assert.Single(node.Files));
        }
    }

    private static Task<FileUpload> BeginAsync(TestFileStore store) =>
        store.Writer.BeginAsync(new NewFile("a", "b/c") { Length = s_bytes.Length }, default);
}
