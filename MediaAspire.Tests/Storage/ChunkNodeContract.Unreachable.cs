using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Storage;

public abstract partial class ChunkNodeContract
{
    [Fact]
    public async Task Get_OfAServerThatNoLongerListensThere_IsUnreachable()
    {
        var chunk = await _node.PutAsync(TestBytes.Make(7, 10));
        using var clients = TestNode.MakeClients(directTransfers: directTransfers);
        var itself = new ClusterServer(_node.Id, "node", _node.Address, ServerStatus.Online, 0, 0, 0);

        Assert.NotNull(await clients.Get(itself).StatAsync(chunk, default));
        var other = clients.Get(itself with { Id = ServerId.New(TimeProvider.System) });
        await AssertErrorAsync(ChunkNodeError.Unreachable, () => other.StatAsync(chunk, default));
        await AssertErrorAsync(ChunkNodeError.Unreachable, async () =>
        {
            using var put = await other.BeginPutAsync(ChunkId.New(TimeProvider.System), FileId.New(TimeProvider.System), null, default);
            await put.SealOrThrowAsync(0, SHA256.HashData([]), default);
        });
        await AssertErrorAsync(ChunkNodeError.Unreachable, () => other.DeleteAsync(chunk, default));
        await AssertErrorAsync(ChunkNodeError.Unreachable, async () => await other.ListFilesAsync(default).ToListAsync());
        Assert.NotNull(await _node.Client.StatAsync(chunk, default));
    }

    [Fact]
    public async Task Get_ForAnotherClusterThanTheDisks_IsUnreachableAndChangesNothing()
    {
        var chunk = await _node.PutAsync(TestBytes.Make(7, 10));
        using var clients = TestNode.MakeClients(directTransfers: directTransfers);
        var itself = new ClusterServer(_node.Id, "node", _node.Address, ServerStatus.Online, 0, 0, 0, Cluster: _node.Cluster);

        Assert.NotNull(await clients.Get(itself).StatAsync(chunk, default));
        await AssertRefusesAsync(clients.Get(itself with { Cluster = new ClusterId(Guid.CreateVersion7()) }));
        Assert.NotNull(await _node.Client.StatAsync(chunk, default));

        using var disk = new TemporaryDirectory();
        await using var unjoined = await TestNode.StartAsync(directTransfers: directTransfers, directory: disk);
        await AssertRefusesAsync(clients.Get(itself with { Id = unjoined.Id, Address = unjoined.Address }));

        async Task AssertRefusesAsync(ChunkNodeClient client)
        {
            await AssertErrorAsync(ChunkNodeError.Unreachable, async () =>
            {
                var (id, file) = (ChunkId.New(TimeProvider.System), FileId.New(TimeProvider.System));
                using var put = await client.BeginPutAsync(id, file, null, default);
                await put.SealOrThrowAsync(0, SHA256.HashData([]), default);
            });
            await AssertErrorAsync(ChunkNodeError.Unreachable, () => client.StatAsync(chunk, default));
            await AssertErrorAsync(ChunkNodeError.Unreachable, () => client.DeleteAsync(chunk, default));
            await AssertErrorAsync(ChunkNodeError.Unreachable, async () => await client.ListFilesAsync(default).ToListAsync());
        }
    }

    [Fact]
    public async Task Get_NodeDiesInMidStream_IsUnreachable()
    {
        var dying = await TestNode.StartAsync(directTransfers: directTransfers);
        var chunk = await dying.PutAsync(TestBytes.Make(10, 20_000_000));

        await AssertErrorAsync(ChunkNodeError.Unreachable, async () =>
        {
            await foreach (var run in dying.Client.GetAsync(chunk, 0, 20_000_000, default))
            {
                run.Dispose();
                await dying.AbortAsync();
            }
        });
        await dying.DisposeAsync();
    }

    [Fact]
    public async Task Put_NodeDiesInMidStream_IsUnreachable()
    {
        var dying = await TestNode.StartAsync(directTransfers: directTransfers);
        using var put = await dying.Client.BeginPutAsync(ChunkId.New(TimeProvider.System), FileId.New(TimeProvider.System), null, default);
        await dying.AbortAsync();

        await AssertErrorAsync(ChunkNodeError.Unreachable, async () =>
        {
            for (var offset = 0; ; offset += BlockFormat.DefaultRunBytes)
            {
                using var run = Runs.Make(1, offset, BlockFormat.DefaultRunBytes);
                await put.WriteOrThrowAsync(run, default);
            }
        });
        await dying.DisposeAsync();
    }

    [Fact]
    public async Task AnyCall_NobodyListens_IsUnreachable()
    {
        using var clients = TestNode.MakeClients(directTransfers: directTransfers);
        var nobody = clients.Get(new Uri("http://127.0.0.1:1"));

        await AssertErrorAsync(ChunkNodeError.Unreachable, () => nobody.StatAsync(ChunkId.New(TimeProvider.System), default));
        await AssertErrorAsync(
            ChunkNodeError.Unreachable,
            () => nobody.BeginPutAsync(ChunkId.New(TimeProvider.System), FileId.New(TimeProvider.System), null, default));
    }

    [Fact]
    public async Task AnyCall_NodeHangs_IsTimedOut()
    {
        // A paused process: the kernel accepts its connections, but nothing responds.
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var clients = TestNode.MakeClients(directTransfers: directTransfers, idleTimeout: TimeSpan.FromMilliseconds(300));
        var hung = clients.Get(new Uri($"http://{listener.LocalEndpoint}"));

        await AssertErrorAsync(ChunkNodeError.TimedOut, () => hung.StatAsync(ChunkId.New(TimeProvider.System), default));
        await AssertErrorAsync(
            ChunkNodeError.TimedOut,
            () => hung.BeginPutAsync(ChunkId.New(TimeProvider.System), FileId.New(TimeProvider.System), null, default));
        await AssertErrorAsync(ChunkNodeError.TimedOut, async () =>
            await hung.GetAsync(ChunkId.New(TimeProvider.System), 0, 1, default).FirstAsync());
    }

    [Fact]
    public async Task AnyCall_TokenWrongOrMissing_IsUnauthenticatedExceptHealth()
    {
        await using var node = await TestNode.StartAsync(directTransfers: directTransfers, clientToken: TestNode.Token + "s");

        await AssertErrorAsync(ChunkNodeError.Unauthenticated, () => node.PutAsync(TestBytes.Make(1, 10)));
        await AssertErrorAsync(ChunkNodeError.Unauthenticated, () => node.Client.StatAsync(ChunkId.New(TimeProvider.System), default));
        await AssertErrorAsync(ChunkNodeError.Unauthenticated, async () => await node.Client.ListAsync(default).ToListAsync());
        Assert.False(await node.Client.IsServingAsync(default));
    }

    [Fact]
    public async Task Put_RightToken_IsLetIn()
    {
        await using var node = await TestNode.StartAsync(directTransfers: directTransfers);

        Assert.Equal([1, 2, 3], await node.GetAsync(await node.PutAsync([1, 2, 3]), 0, 3));
    }
}
