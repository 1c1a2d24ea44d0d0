using MediaAspire.Core.Chunks;
using MediaAspire.Core.Ids;
using MediaAspire.Tests.Graph;

namespace MediaAspire.Tests.Chunks;

public sealed class ChunkReaderTests
{
    // Many runs, and more than what the transport buffers ahead of a slow reader.
    private static readonly byte[] s_bytes = TestBytes.Make(2, 24_000_000);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Read_NodeDiesInTheMiddle_AnotherCopyGoesOnWithoutAGap(int victim)
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 2);
        var chunk = await PutOnAllAsync(cluster);

        // One of the two victims is the copy that is being read, whichever is asked first.
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

    private static async Task<ChunkId> PutOnAllAsync(TestCluster cluster)
    {
        var chunk = ChunkId.New(TimeProvider.System);
        foreach (var node in cluster.Nodes)
        {
            await node.PutAsync(s_bytes, chunk);
        }

        return chunk;
    }

    private static async Task<byte[]> ReadAsync(TestCluster cluster, ChunkId chunk, int beforeRun = -1, Func<Task>? then = null)
    {
        using var bytes = new MemoryStream();
        IReadOnlyList<ServerId> servers = [.. cluster.Servers.Select(server => server.Id)];
        var number = 0;
        await foreach (var run in cluster.MakeReader().ReadAsync(chunk, servers, 0, s_bytes.Length, CancellationToken.None))
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
