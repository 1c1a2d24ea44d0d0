using MediaAspire.Core.Chunks;
using MediaAspire.Core.Ids;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Chunks;

public sealed class ChunkReaderTests
{
    // Many runs, and more than the transport buffers ahead of a slow reader.
    private static readonly byte[] s_bytes = TestBytes.Make(2, 24_000_000);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Read_NodeDiesInTheMiddle_AnotherCopyGoesOnWithoutAGap(int victim)
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 2);
        var chunk = await PutOnAllAsync(cluster);

        // One of the two victims is the copy that is being read.
        Assert.Equal(s_bytes, await ReadAsync(cluster, chunk, beforeRun: 2, () => cluster.Nodes[victim].AbortAsync()));
        Assert.Equal(s_bytes, await ReadAsync(cluster, chunk));
    }

    [Fact]
    public async Task Read_OneCopyCorrupt_TheReaderNeverSeesIt()
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 2);
        var chunk = await PutOnAllAsync(cluster);
        await FlipByteAsync(cluster.Nodes[0].Files.Single(), s_bytes.Length / 2);

        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(s_bytes, await ReadAsync(cluster, chunk));
        }
    }

    [Fact]
    public async Task Read_EveryCopyGone_Throws()
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 2);
        var failure = await Assert.ThrowsAsync<ChunkUnavailableException>(() => ReadAsync(cluster, ChunkId.New(TimeProvider.System)));

        Assert.IsType<ChunkNodeException>(failure.InnerException);
    }

    [Fact]
    public async Task Read_SuspectServer_IsAskedLast()
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 2);
        var chunk = await cluster.Nodes[1].PutAsync(s_bytes);
        cluster.View.ReportUnreachable(cluster.Servers[0].Id);

        Assert.Equal(s_bytes, await ReadAsync(cluster, chunk));
        Assert.True(cluster.View.IsSuspect(cluster.Servers[0].Id));
    }

    [Fact]
    public async Task Read_OneCopyCorrupt_IsReportedAndTheIntactOneIsNot()
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 2);
        var chunk = await PutOnAllAsync(cluster);
        await FlipByteAsync(cluster.Nodes[0].Files.Single(), s_bytes.Length / 2);

        // Every copy is the first choice once.
        var reader = cluster.MakeReader();
        await ReadAsync(cluster, chunk, reader: reader);
        await ReadAsync(cluster, chunk, reader: reader);

        Assert.Equal((chunk, cluster.Servers[0].Id), Assert.Single(cluster.Faults.Reports));
    }

    [Fact]
    public async Task Read_NodeDies_ItsCopyIsNotSuspected()
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 2);
        var chunk = await PutOnAllAsync(cluster);

        await ReadAsync(cluster, chunk, beforeRun: 2, () => cluster.Nodes[0].AbortAsync());
        await ReadAsync(cluster, chunk);

        Assert.Empty(cluster.Faults.Reports);
    }

    [Fact]
    public async Task Read_CopiesHaveMoved_TheCatalogIsAskedOnce()
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 3);
        var chunk = await cluster.Nodes[2].PutAsync(s_bytes);
        var locator = new FixedLocator([cluster.Servers[2].Id], []);

        Assert.Equal(s_bytes, await ReadAsync(cluster, chunk, locator: locator, servers: [0, 1]));

        Assert.Equal(1, locator.Calls);
        Assert.Equal(2, cluster.Faults.Reports.Count);
    }

    [Fact]
    public async Task Read_CopyMovesInTheMiddle_GoesOnAtTheSamePosition()
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 2);
        var chunk = await PutOnAllAsync(cluster);
        var locator = new FixedLocator([cluster.Servers[1].Id], []);

        Assert.Equal(s_bytes, await ReadAsync(cluster, chunk, beforeRun: 2, () => cluster.Nodes[0].AbortAsync(), locator, servers: [0]));

        Assert.Equal(1, locator.Calls);
    }

    [Fact]
    public async Task Read_EveryCopyWell_NobodyAsksTheCatalog()
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 2);
        var chunk = await PutOnAllAsync(cluster);
        var locator = new FixedLocator([], []);

        await ReadAsync(cluster, chunk, locator: locator);

        Assert.Equal(0, locator.Calls);
        Assert.Empty(cluster.Faults.Reports);
    }

    [Fact]
    public async Task Read_EveryCopyDamagedInAnotherBlock_TheGoodBlocksMakeTheWhole()
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 2);
        var chunk = await PutOnAllAsync(cluster);
        for (var i = 0; i < 2; i++)
        {
            // Neighbours within one run, and at both ends.
            await FlipByteAsync(cluster.Nodes[i].Files.Single(), (17 + i) * BlockFormat.BlockSize);
            await FlipByteAsync(cluster.Nodes[i].Files.Single(), i == 0 ? 0 : s_bytes.Length - 1);
        }

        var locator = new FixedLocator([], [.. cluster.Servers.Select(server => server.Id)]);
        Assert.Equal(s_bytes, await ReadAsync(cluster, chunk, locator: locator, servers: []));
    }

    [Fact]
    public async Task Read_TheSameBlockDamagedEverywhere_EndsBeforeIt()
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 2);
        var chunk = await PutOnAllAsync(cluster);
        foreach (var node in cluster.Nodes)
        {
            await FlipByteAsync(node.Files.Single(), 20 * BlockFormat.BlockSize);
        }

        using var bytes = new MemoryStream();
        await Assert.ThrowsAsync<ChunkUnavailableException>(() => ReadAsync(cluster, chunk, into: bytes));

        Assert.Equal(s_bytes.AsSpan(0, 20 * BlockFormat.BlockSize).ToArray(), bytes.ToArray());
    }

    [Fact]
    public async Task Read_DamagedOnTheWire_IsReportedAndAnotherCopyIsRead()
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 2);
        await using var wire = await FaultyNode.StartAsync(Fault.Hangs);
        var chunk = await PutOnAllAsync(cluster);
        cluster.Replace(0, wire.Address);

        var reader = cluster.MakeReader();
        Assert.Equal(s_bytes, await ReadAsync(cluster, chunk, reader: reader));
        Assert.Equal(s_bytes, await ReadAsync(cluster, chunk, reader: reader));

        Assert.Equal((chunk, cluster.Servers[0].Id), Assert.Single(cluster.Faults.Reports));
    }

    [Fact]
    public async Task Read_TwoChunksInTurns_EveryCopyIsAskedFirstNowAndThen()
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 2);
        var even = await PutOnAllAsync(cluster);
        var odd = await PutOnAllAsync(cluster);
        await FlipByteAsync(cluster.Nodes[0].Files.Single(file => file.Contains(even.ToString(), StringComparison.Ordinal)), 0);
        await FlipByteAsync(cluster.Nodes[1].Files.Single(file => file.Contains(odd.ToString(), StringComparison.Ordinal)), 0);

        var reader = cluster.MakeReader();
        for (var i = 0; i < 6; i++)
        {
            Assert.Equal(s_bytes, await ReadAsync(cluster, even, reader: reader));
            Assert.Equal(s_bytes, await ReadAsync(cluster, odd, reader: reader));
        }

        Assert.Contains((even, cluster.Servers[0].Id), cluster.Faults.Reports);
        Assert.Contains((odd, cluster.Servers[1].Id), cluster.Faults.Reports);
    }

    private static async Task<ChunkId> PutOnAllAsync(TestCluster cluster)
    {
        var chunk = ChunkId.New(TimeProvider.System);
        foreach (var node in cluster.Nodes)
        {
            await node.PutAsync(s_bytes, chunk);
        }

        return chunk;
    }

    private static async Task<byte[]> ReadAsync(
        TestCluster cluster,
        ChunkId chunk,
        int beforeRun = -1,
        Func<Task>? then = null,
        IChunkLocator? locator = null,
        int[]? servers = null,
        MemoryStream? into = null,
        ChunkReader? reader = null)
    {
        var bytes = into ?? new MemoryStream();
        var indexes = servers ?? [.. Enumerable.Range(0, cluster.Servers.Count)];
        IReadOnlyList<ServerId> asked = [.. indexes.Select(index => cluster.Servers[index].Id)];
        locator ??= new FixedLocator(asked, []);
        var number = 0;
        await foreach (var run in (reader ?? cluster.MakeReader(locator)).ReadAsync(
            chunk, asked, 0, s_bytes.Length, CancellationToken.None))
        {
            using (run)
            {
                if (number++ == beforeRun)
                {
                    await then!();
                }

                bytes.Write(run.Data.Span);
            }
        }

        return bytes.ToArray();
    }

    private static async Task FlipByteAsync(string path, long offset)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        file.Position = offset;
        var value = file.ReadByte();
        file.Position = offset;
        file.WriteByte((byte)(value ^ 1));
    }
}
