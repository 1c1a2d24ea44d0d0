using System.Net.Sockets;
using System.Security.Cryptography;
using Grpc.Core;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Chunks.Protos;
using MediaAspire.Core.Chunks.Transfers;
using MediaAspire.Core.Ids;
using MediaAspire.Storage.Transfers;
using MediaAspire.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MediaAspire.Tests.Chunks;

/// <summary>The writer's side of transfer connections.</summary>
public sealed class TransferConnectionsTests
{
    private static readonly TransferHello s_hello = new() { ClusterToken = TestNode.Token };

    [Fact]
    public async Task A_connection_that_was_returned_is_taken_again_while_its_node_lives()
    {
        var node = await TestNode.StartAsync();
        using var connections = new TransferConnections(node.Address, s_hello, new ChunkOptions(), TimeProvider.System);

        var first = (await connections.RentAsync(default))!;
        var second = (await connections.RentAsync(default))!;
        connections.Return(first);
        connections.Return(second);

        Assert.Same(second, await connections.RentAsync(default));
        Assert.Same(first, await connections.RentAsync(default));
        connections.Return(first);
        second.Abort();

        await node.DisposeAsync();
        await Assert.ThrowsAnyAsync<SocketException>(() => connections.RentAsync(default).AsTask());
    }

    [Fact]
    public async Task A_node_that_speaks_http_only_is_asked_once()
    {
        var connected = 0;
        await using var app = await StartAsync(endpoint =>
        {
            endpoint.Protocols = HttpProtocols.Http2;
            endpoint.Use(next => connection =>
            {
                Interlocked.Increment(ref connected);
                return next(connection);
            });
        });
        using var connections = new TransferConnections(new Uri(app.Urls.Single()), s_hello, new ChunkOptions(), TimeProvider.System);

        Assert.Null(await connections.RentAsync(default).AsTask().WaitAsync(TimeSpan.FromSeconds(5)));
        Assert.Null(await connections.RentAsync(default));
        Assert.Equal(1, connected);
    }

    [Theory]
    [InlineData("https://localhost:1", true)]
    [InlineData("http://localhost:1", false)]
    public async Task Https_and_the_setting_mean_grpc(string address, bool directTransfers)
    {
        using var connections = new TransferConnections(
            new Uri(address), s_hello, new ChunkOptions { DirectTransfers = directTransfers }, TimeProvider.System);

        Assert.Null(await connections.RentAsync(default));
    }

    [Fact]
    public async Task A_node_that_works_on_a_seal_is_waited_for_longer_than_a_silent_one()
    {
        var service = new SlowService();
        await using var app = await StartAsync(endpoint => endpoint.UseTransfers(), service);
        using var clients = TestNode.MakeClients(idleTimeout: TimeSpan.FromSeconds(1), wholeChunkTimeout: TimeSpan.FromSeconds(6));
        var client = clients.Get(new Uri(app.Urls.Single()));

        // Longer than the timeout of a silent node.
        using var put = await client.BeginPutAsync(ChunkId.New(TimeProvider.System), FileId.New(TimeProvider.System), 0, default);
        service.SealsAfter = TimeSpan.FromSeconds(3.5);
        await put.SealOrThrowAsync(0, SHA256.HashData([]), default);

        // Longer than the timeout of any node.
        using var never = await client.BeginPutAsync(ChunkId.New(TimeProvider.System), FileId.New(TimeProvider.System), 0, default);
        service.SealsAfter = Timeout.InfiniteTimeSpan;
        var failure = await Assert.ThrowsAsync<ChunkNodeException>(() => never.SealOrThrowAsync(0, SHA256.HashData([]), default));
        Assert.Equal(ChunkNodeError.TimedOut, failure.Error);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_node_that_accepts_nothing_is_not_given_the_time_of_a_whole_chunk(bool directTransfers)
    {
        await using var node = await FaultyNode.StartAsync(Fault.HangsAtOnce);
        using var clients = TestNode.MakeClients(idleTimeout: TimeSpan.FromMilliseconds(300), directTransfers: directTransfers);
        using var run = Runs.Make(1, 0, 1000);

        var failure = await Assert.ThrowsAsync<ChunkNodeException>(() => clients.Get(node.Address)
            .PutAsync(ChunkId.New(TimeProvider.System), FileId.New(TimeProvider.System), run, SHA256.HashData(run.Data.Span), default)
            .WaitAsync(TimeSpan.FromSeconds(20)));

        Assert.Equal(ChunkNodeError.TimedOut, failure.Error);
    }

    [Fact]
    public async Task A_node_that_reports_another_size_at_the_seal_is_refused()
    {
        await using var app = await StartAsync(endpoint => endpoint.UseTransfers(), new SlowService { ReportedSize = 1 });
        using var clients = TestNode.MakeClients();
        using var put = await clients.Get(new Uri(app.Urls.Single()))
            .BeginPutAsync(ChunkId.New(TimeProvider.System), FileId.New(TimeProvider.System), 0, default);

        var failure = await Assert.ThrowsAsync<ChunkNodeException>(() => put.SealOrThrowAsync(0, SHA256.HashData([]), default));

        Assert.Equal(ChunkNodeError.Corrupt, failure.Error);
    }

    private static async Task<WebApplication> StartAsync(Action<ListenOptions> configure, ITransferService? service = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(server => server.ConfigureEndpointDefaults(configure));
        builder.Services.AddSingleton(service ?? new SlowService());
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<TransferServer>();
        var app = builder.Build();
        await app.StartAsync();
        return app;
    }

    private sealed class SlowService : ITransferService
    {
        public TimeSpan SealsAfter { get; set; }

        public long ReportedSize { get; init; }

        public void Admit(TransferHello hello)
        {
            // Any token is valid.
        }

        public async Task<PutChunkReply> PutAsync(
            IAsyncStreamReader<PutChunkPart> parts, Func<Task> accept, CancellationToken cancellationToken)
        {
            Assert.True(await parts.MoveNext(cancellationToken));
            await accept();
            Assert.True(await parts.MoveNext(cancellationToken));
            await Task.Delay(SealsAfter, TimeProvider.System, cancellationToken);
            return new PutChunkReply { Size = ReportedSize };
        }
    }
}
