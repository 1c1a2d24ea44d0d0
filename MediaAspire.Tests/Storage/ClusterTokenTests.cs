using System.Net;
using System.Net.Http.Headers;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Core.Interceptors;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Chunks.Protos;
using MediaAspire.Core.Chunks.Transfers;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;
using MediaAspire.Storage.Membership;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Storage;

/// <summary>Tests that a node does nothing for a caller without the cluster's token.</summary>
public sealed class ClusterTokenTests : IAsyncLifetime
{
    private const string Refusal = "The cluster's token is missing or wrong.";

    private TestNode _node = null!;

    public async Task InitializeAsync() => _node = await TestNode.StartAsync();

    public async Task DisposeAsync() => await _node.DisposeAsync();

    public static TheoryData<string?> WrongTokens => new(null, "", "x", TestNode.Token[..^1], TestNode.Token + "x", new string('x', 4000));

    [Theory]
    [MemberData(nameof(WrongTokens))]
    public async Task Every_grpc_method_but_those_of_the_health_service_needs_the_token(string? token)
    {
        // From the routes and not from a list, so that a new method or service is covered.
        var methods = _node.Endpoints
            .Select(endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.FullName).OfType<string>()
            .ToHashSet();
        Assert.Superset(
            ChunkStoreReflection.Descriptor.Services.SelectMany(service => service.Methods)
                .Select(method => $"/{method.Service.FullName}/{method.Name}").ToHashSet(),
            methods);

        var open = methods.Where(method => method.StartsWith("/grpc.health.v1.Health/", StringComparison.Ordinal)).ToList();
        foreach (var method in methods.Except(open))
        {
            Assert.Equal((method, StatusCode.Unauthenticated, Refusal), await CallAsync(method, token));
            var (_, status, _) = await CallAsync(method, TestNode.Token);
            Assert.NotEqual(StatusCode.Unauthenticated, status);
        }

        Assert.Equal(["/grpc.health.v1.Health/Check", "/grpc.health.v1.Health/Watch"], open.Order());
    }

    [Fact]
    public void The_token_is_checked_for_every_kind_of_call()
    {
        var kinds = typeof(Interceptor).GetMethods().Where(method => method.Name.EndsWith("ServerHandler", StringComparison.Ordinal));

        Assert.Equal(4, kinds.Count());
        Assert.All(kinds, kind => Assert.Equal(
            typeof(ClusterTokenInterceptor), typeof(ClusterTokenInterceptor).GetMethod(kind.Name)!.DeclaringType));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData(TestNode.Token + "x")]
    public void A_transfer_connection_with_a_wrong_token_is_refused_and_stores_nothing(string token)
    {
        using var writer = RawWriter.Connect(_node.Address);
        writer.Send(TransferFrames.Magic);
        writer.Send(new TransferHello { ClusterToken = token });
        writer.Send(RawWriter.OpenOf(ChunkId.New(TimeProvider.System), whole: true));
        writer.Send(RawWriter.BlocksOf([1, 2, 3]), [1, 2, 3]);
        writer.Send(RawWriter.SealOf([1, 2, 3]));

        Assert.Equal(TransferFrames.Magic, writer.Receive(TransferFrames.Magic.Length));
        var reply = writer.ReceiveReply();
        Assert.Equal((StatusCode.Unauthenticated, Refusal), ((StatusCode)reply.Status, reply.Detail));
        writer.EndSending();
        Assert.Equal(0, writer.ReadToEnd());
        Assert.Empty(_node.Files);
        Assert.Empty(_node.Incoming);
    }

    [Fact]
    public async Task A_refusal_does_not_reveal_which_server_listens()
    {
        using var clients = TestNode.MakeClients(token: TestNode.Token + "x");
        var stranger = clients.Get(new ClusterServer(
            ServerId.New(TimeProvider.System), "node", _node.Address, ServerStatus.Online, 0, 0, 0, Cluster: new(Guid.CreateVersion7())));

        var error = await Assert.ThrowsAsync<ChunkNodeException>(() => stranger.DeleteAsync(ChunkId.New(TimeProvider.System), default));
        Assert.Equal(ChunkNodeError.Unauthenticated, error.Error);
        Assert.DoesNotContain($"{_node.Id}", error.Message, StringComparison.Ordinal);

        // The health service responds, whatever the addressee, and tells only whether the node serves.
        Assert.False(await stranger.IsServingAsync(default));
    }

    [Fact]
    public async Task The_token_alone_does_not_open_another_server()
    {
        using var clients = TestNode.MakeClients();
        var other = clients.Get(new ClusterServer(ServerId.New(TimeProvider.System), "node", _node.Address, ServerStatus.Online, 0, 0, 0));

        var error = await Assert.ThrowsAsync<ChunkNodeException>(() => other.DeleteAsync(ChunkId.New(TimeProvider.System), default));

        Assert.Equal(ChunkNodeError.Unreachable, error.Error);
    }

    [Fact]
    public async Task During_a_rotation_both_tokens_are_accepted()
    {
        await using var node = await TestNode.StartAsync(secondToken: "the-token-of-tomorrow");
        foreach (var token in new[] { TestNode.Token, "the-token-of-tomorrow" })
        {
            using var clients = TestNode.MakeClients(token);
            Assert.Null(await clients.Get(node.Address).StatAsync(ChunkId.New(TimeProvider.System), default));
        }

        using var wrong = TestNode.MakeClients("the-token-of-yesterday");
        await Assert.ThrowsAsync<ChunkNodeException>(
            () => wrong.Get(node.Address).StatAsync(ChunkId.New(TimeProvider.System), default));
    }

    /// <summary>Calls a method of any kind with one empty message.</summary>
    private async Task<(string Method, StatusCode Status, string? Detail)> CallAsync(string method, string? token)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_node.Address, method))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(new byte[5]) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
        };
        if (token is not null)
        {
            request.Headers.Add(ClusterToken.HeaderName, token);
        }

        using var response = await client.SendAsync(request);
        await response.Content.ReadAsByteArrayAsync();
        return (method, Enum.Parse<StatusCode>(Read("grpc-status")!), Read("grpc-message"));

        string? Read(string name) =>
            response.TrailingHeaders.TryGetValues(name, out var trailers) ? trailers.Single()
            : response.Headers.TryGetValues(name, out var headers) ? headers.Single()
            : null;
    }
}
