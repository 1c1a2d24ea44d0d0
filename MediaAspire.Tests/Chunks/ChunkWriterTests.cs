using System.Security.Cryptography;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Ids;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Chunks;

public sealed class ChunkWriterTests
{
    private static readonly ChunkId s_chunk = ChunkId.New(TimeProvider.System);
    private static readonly byte[] s_bytes = TestBytes.Make(1, 3_000_000);

    [Fact]
    public async Task Seal_EveryNodeWell_CopiesAreOnThePlannedServersOnly()
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 4);
        using var writer = cluster.MakeWriter(s_chunk, copies: 2);

        var servers = await WriteAsync(writer, s_bytes);

        Assert.Equal(Ids(cluster, 0, 1), servers);
        Assert.Empty(cluster.Successors);
        await AssertHoldersAsync(cluster, 0, 1);
    }

    [Fact]
    public async Task Write_NodeAwayFromTheStart_NextServerTakesItsPlace()
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 4);
        await cluster.Nodes[0].AbortAsync();
        using var writer = cluster.MakeWriter(s_chunk, copies: 2);

        var servers = await WriteAsync(writer, s_bytes);

        Assert.Equal(Ids(cluster, 1, 2).ToHashSet(), servers.ToHashSet());
        Assert.Equal(Ids(cluster, 2), cluster.Successors);
        Assert.True(cluster.View.IsSuspect(cluster.Servers[0].Id));
        await AssertHoldersAsync(cluster, 1, 2);
    }

    [Fact]
    public async Task Write_NodeDiesInTheMiddle_SuccessorPullsTheSealedChunk()
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 4);
        using var writer = cluster.MakeWriter(s_chunk, copies: 2);

        var servers = await WriteAsync(writer, s_bytes, beforeRun: 3, () => cluster.Nodes[1].AbortAsync());

        Assert.Equal(Ids(cluster, 0, 2), servers);
        await AssertHoldersAsync(cluster, 0, 2);
    }

    [Fact]
    public async Task Store_NodeClosesTheConnection_NextServerTakesItsPlace()
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 3, directTransfers: false);
        await using var leaving = new LeavingNode();
        cluster.Replace(0, leaving.Address);
        using var writer = cluster.MakeWriter(s_chunk, copies: 2);
        using var run = Runs.Make(0, s_bytes.AsSpan(0, BlockFormat.DefaultRunBytes));

        var servers = await writer.StoreAsync(run, Sha256Digest.OfNothing, CancellationToken.None);

        Assert.Equal(Ids(cluster, 1, 2), servers);
        Assert.True(cluster.View.IsSuspect(cluster.Servers[0].Id));
    }

    [Fact]
    public async Task Put_NodeClosesTheConnection_NobodyWaitsForAReplyOnAnotherOne()
    {
        await using var leaving = new LeavingNode();
        using var clients = TestNode.MakeClients(directTransfers: false);
        using var run = Runs.Make(0, s_bytes.AsSpan(0, BlockFormat.DefaultRunBytes));

        var failure = await Assert.ThrowsAsync<ChunkNodeException>(() => clients.Get(leaving.Address).PutAsync(
            s_chunk, FileId.New(TimeProvider.System), run, SHA256.HashData(run.Data.Span), CancellationToken.None));

        Assert.Equal(ChunkNodeError.Unreachable, failure.Error);
    }

    [Theory]
    [InlineData(1)] // Full from the start.
    [InlineData(2_500_000)] // Full in the middle.
    public async Task Write_NodeHasNoRoom_NextDistinctServerTakesTheCopy(long capacity)
    {
        await using var cluster = await TestCluster.StartAsync([null, capacity, null, null]);
        using var writer = cluster.MakeWriter(s_chunk, copies: 2);

        var servers = await WriteAsync(writer, s_bytes);

        Assert.Equal(Ids(cluster, 0, 2), servers);
        Assert.Equal(Ids(cluster, 2), cluster.Successors);
        Assert.False(cluster.View.IsSuspect(cluster.Servers[1].Id));
        await cluster.Nodes[1].WaitUntilNothingIncomingAsync();
        await AssertHoldersAsync(cluster, 0, 2);
    }

    [Fact]
    public async Task Seal_EveryNodeDiesAfterTheOnlyRun_TheRunIsReplayed()
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 3);
        using var writer = cluster.MakeWriter(s_chunk, copies: 1);
        var small = s_bytes.AsSpan(0, 1000).ToArray();

        using (var run = Runs.Make(0, small))
        {
            await writer.WriteAsync(run, CancellationToken.None);
        }

        await cluster.Nodes[0].AbortAsync();
        var servers = await writer.SealAsync(small.Length, new Sha256Digest(SHA256.HashData(small)), CancellationToken.None);

        Assert.Equal(Ids(cluster, 1), servers);
        Assert.Equal(small, await cluster.Nodes[1].GetAsync(s_chunk, 0, small.Length));
    }

    [Fact]
    public async Task Write_EveryCopyDiesInTheMiddle_Throws()
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 3);
        using var writer = cluster.MakeWriter(s_chunk, copies: 1);

        var failure = await Assert.ThrowsAsync<ChunkWriteException>(
            () => WriteAsync(writer, s_bytes, beforeRun: 3, () => cluster.Nodes[0].AbortAsync()));

        Assert.Equal(0, failure.Made);
        Assert.Equal(1, failure.Wanted);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Seal_FewerServersThanCopies_OnlyWhenDegradedIsAllowed(bool allowDegraded)
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 2);
        await cluster.Nodes[1].AbortAsync();
        using var writer = cluster.MakeWriter(s_chunk, copies: 2, allowDegraded);

        if (allowDegraded)
        {
            Assert.Equal(Ids(cluster, 0), await WriteAsync(writer, s_bytes));
        }
        else
        {
            await Assert.ThrowsAsync<ChunkWriteException>(() => WriteAsync(writer, s_bytes));
        }
    }

    [Fact]
    public async Task Dispose_NotSealed_LeavesNothingOnTheNodes()
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 2);
        using (var writer = cluster.MakeWriter(s_chunk, copies: 2))
        {
            using var run = Runs.Make(0, s_bytes.AsSpan(0, 100_000));
            await writer.WriteAsync(run, CancellationToken.None);
        }

        foreach (var node in cluster.Nodes)
        {
            await node.WaitUntilNothingIncomingAsync();
            Assert.Empty(node.Files);
        }
    }

    private static async Task<IReadOnlyList<ServerId>> WriteAsync(
        ChunkWriter writer, byte[] bytes, int beforeRun = -1, Func<Task>? then = null)
    {
        var number = 0;
        foreach (var run in Runs.Cut(bytes))
        {
            using (run)
            {
                if (number++ == beforeRun)
                {
                    await then!();
                }

                await writer.WriteAsync(run, CancellationToken.None);
            }
        }

        return await writer.SealAsync(bytes.Length, new Sha256Digest(SHA256.HashData(bytes)), CancellationToken.None);
    }

    private static async Task AssertHoldersAsync(TestCluster cluster, params int[] holders)
    {
        for (var i = 0; i < cluster.Nodes.Count; i++)
        {
            Assert.Equal(holders.Contains(i) ? 1 : 0, cluster.Nodes[i].Files.Length);
            if (holders.Contains(i))
            {
                Assert.Equal(s_bytes, await cluster.Nodes[i].GetAsync(s_chunk, 0, s_bytes.Length));
            }
        }
    }

    private static IEnumerable<ServerId> Ids(TestCluster cluster, params int[] nodes) => nodes.Select(node => cluster.Servers[node].Id);
}
