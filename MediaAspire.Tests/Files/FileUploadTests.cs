using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Files;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Files;

public sealed class FileUploadTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly byte[] s_bytes = TestBytes.Make(31, 9_000_000);

    [Theory]
    [InlineData(Fault.HangsAtOnce)]
    [InlineData(Fault.Hangs)]
    [InlineData(Fault.Breaks)]
    [InlineData(Fault.IsFull)]
    [InlineData(Fault.GetsFull)]
    public async Task Put_ANodeMisbehaves_AnotherServerTakesItsCopies(Fault fault)
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 4);
        await using var faulty = await FaultyNode.StartAsync(fault);
        cluster.Replace(0, faulty.Address);
        await using var store = await TestFileStore.StartAsync(postgres, cluster);

        var file = await store.PutAsync(s_bytes);

        Assert.Equal(s_bytes, await store.GetAsync(file.Id));
        Assert.Equal(12, await store.CountAsync("SELECT count(*) FROM chunk_replicas WHERE status = 'stored'"));
        Assert.Equal(0, await StoredOnAsync(store, server: 0));
        Assert.Equal(0, await store.CountAsync("SELECT count(*) FROM endangered_chunks"));

        // A refusal while bytes still arrive sometimes closes the connection, and its other requests then make the node a suspect.
        // ChunkWriterTests has a node that becomes full without other requests on its connection.
        if (fault != Fault.GetsFull)
        {
            Assert.Equal(fault != Fault.IsFull, cluster.View.IsSuspect(cluster.Servers[0].Id));
        }
    }

    [Fact]
    public async Task Put_NodeWasSuspectLongEnough_TakesChunksAgain()
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 3);
        await using var store = await TestFileStore.StartAsync(postgres, cluster, new ChunkOptions { Copies = 2, MinSize = 0 });
        cluster.View.ReportUnreachable(cluster.Servers[0].Id);
        await store.PutAsync(TestBytes.Make(1, 100_000));
        Assert.Equal(0, await StoredOnAsync(store, server: 0));

        cluster.Time.Advance(TimeSpan.FromSeconds(15));
        await store.PutAsync(TestBytes.Make(1, 100_000));

        Assert.NotEqual(0, await StoredOnAsync(store, server: 0));
    }

    [Fact]
    public async Task Put_FewerServersThanCopies_IsRefusedAndNothingIsKept()
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 2);
        await using var faulty = await FaultyNode.StartAsync(Fault.Hangs);
        cluster.Replace(0, faulty.Address);
        await using var store = await TestFileStore.StartAsync(postgres, cluster);

        var failure = await Assert.ThrowsAsync<FileWriteException>(() => store.PutAsync(s_bytes));

        Assert.Equal(FileWriteFailure.AllCopiesFailed, failure.Failure);
        Assert.Equal(0, await store.CountAsync("SELECT count(*) FROM files"));
        await cluster.Nodes[1].WaitUntilNothingIncomingAsync();
        Assert.Empty(cluster.Nodes[1].Files);
    }

    [Fact]
    public async Task Put_RefusedWhileANodeIsGone_TheOthersKeepNothingAndTheRowsStay()
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 3);
        await using var store = await TestFileStore.StartAsync(postgres, cluster);
        await using (var upload = await store.Writer.BeginAsync(new NewFile("a", "b/c") { Length = s_bytes.Length }, default))
        {
            await upload.WriteAsync(new MemoryStream(s_bytes), long.MaxValue, default);
            await cluster.Nodes[0].AbortAsync();
        }

        Assert.All(cluster.Nodes.Skip(1), node => Assert.Empty(node.Files));
        Assert.Equal(1, await store.CountAsync("SELECT count(*) FROM files WHERE upload_status = 'failed'"));
    }

    [Fact]
    public async Task Put_NoServerLeft_IsRefusedBeforeTheFirstByte()
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 1);
        await using var store = await TestFileStore.StartAsync(postgres, cluster);

        var failure = await Assert.ThrowsAsync<FileWriteException>(() => store.PutAsync(s_bytes));

        Assert.Equal(FileWriteFailure.NotEnoughServers, failure.Failure);
        Assert.Equal(0, await store.CountAsync("SELECT count(*) FROM files"));
    }

    [Fact]
    public async Task Put_DegradedAllowed_IsKeptInFewerCopiesAndPutOnRepairsList()
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 2);
        await using var faulty = await FaultyNode.StartAsync(Fault.GetsFull);
        cluster.Replace(0, faulty.Address);
        await using var store = await TestFileStore.StartAsync(postgres, cluster, new ChunkOptions { AllowDegraded = true });

        var file = await store.PutAsync(s_bytes);

        Assert.Equal(s_bytes, await store.GetAsync(file.Id));
        Assert.Equal(6, await store.CountAsync("SELECT count(*) FROM endangered_chunks WHERE live = 1 AND wanted = 2"));
        Assert.Equal(6, await store.CountAsync("SELECT count(*) FROM chunk_replicas WHERE status = 'stored'"));
        Assert.Equal(6, await store.CountAsync("SELECT count(*) FROM chunk_replicas WHERE status = 'failed'"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Commit_AnswerIsLost_TheFileIsWhollyThereOrWhollyGone(bool reachesTheServer)
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 2);
        await using var proxy = new CommitBreaker(postgres, reachesTheServer);
        await using var store = await TestFileStore.StartAsync(postgres, cluster, database: proxy.Database);

        await using (var upload = await store.Writer.BeginAsync(new NewFile("a", "b/c") { Length = s_bytes.Length }, default))
        {
            await upload.WriteAsync(new MemoryStream(s_bytes), long.MaxValue, default);
            proxy.BreakAtCommit();
            await Assert.ThrowsAnyAsync<Npgsql.NpgsqlException>(() => upload.CommitAsync(default));
            Assert.True(proxy.HasBroken);
        }

        if (reachesTheServer)
        {
            var id = new Core.Ids.FileId(await IdOfAsync("completed"));
            Assert.Equal(s_bytes, await store.GetAsync(id));
            Assert.Equal(12, await store.CountAsync("SELECT count(*) FROM chunk_replicas WHERE status = 'stored'"));
        }
        else
        {
            Assert.Equal(0, await store.CountAsync("SELECT count(*) FROM files"));
            Assert.All(cluster.Nodes, node => Assert.Empty(node.Files));
        }
    }

    [Fact]
    public async Task Write_SendingFails_TheRunReadAheadGoesBackToThePool()
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 2);
        await using var faulty = await FaultyNode.StartAsync(Fault.GetsFull);
        cluster.Replace(0, faulty.Address);
        cluster.Replace(1, faulty.Address);
        await using var store = await TestFileStore.StartAsync(postgres, cluster);
        using var returned = new ReturnedBuffers();
        using var body = new BufferSpy(s_bytes);

        await using (var upload = await store.Writer.BeginAsync(new NewFile("a", "b/c") { Length = s_bytes.Length }, default))
        {
            await Assert.ThrowsAsync<FileWriteException>(() => upload.WriteAsync(body, long.MaxValue, default));
        }

        Assert.True(body.Buffers.Count >= 2);
        Assert.Subset(returned.Arrays.ToHashSet(), body.Buffers.ToHashSet());
    }

    private async Task<Guid> IdOfAsync(string status)
    {
        await using var command = postgres.Database.CreateCommand("SELECT file_id FROM files WHERE upload_status = $1");
        command.Parameters.Add(new() { Value = status });
        return (Guid)(await command.ExecuteScalarAsync())!;
    }

    private static Task<long> StoredOnAsync(TestFileStore store, int server) => store.CountAsync(
        $"SELECT count(*) FROM chunk_replicas WHERE status = 'stored' AND server_id = '{store.Cluster.Servers[server].Id}'");

    /// <summary>A stream that records the buffers of its reads.</summary>
    private sealed class BufferSpy(byte[] bytes) : MemoryStream(bytes)
    {
        public ConcurrentBag<byte[]> Buffers { get; } = [];

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Assert.True(MemoryMarshal.TryGetArray<byte>(buffer, out var array));
            Buffers.Add(array.Array!);
            return base.ReadAsync(buffer, cancellationToken);
        }
    }

    /// <summary>The buffers that were returned to the pool.</summary>
    private sealed class ReturnedBuffers : IDisposable
    {
        private readonly ConcurrentBag<byte[]> _arrays = [];

        public ReturnedBuffers() => BlockBuffer.Returned += Note;

        public IEnumerable<byte[]> Arrays => _arrays;

        public void Dispose() => BlockBuffer.Returned -= Note;

        private void Note(Memory<byte> buffer)
        {
            Assert.True(MemoryMarshal.TryGetArray<byte>(buffer, out var array));
            _arrays.Add(array.Array!);
        }
    }
}
