using System.Collections.Concurrent;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using MediaAspire.Core.Cluster;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Chunks;

/// <summary>The clients of all chunk nodes, by address; they share their connections.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class ChunkNodeClients : IDisposable
{
    private readonly ConcurrentDictionary<Uri, Lazy<(GrpcChannel Channel, ChunkNodeClient Client)>> _nodes = new();
    private readonly SocketsHttpHandler _handler;
    private readonly ChunkOptions _options;
    private readonly string _token;
    private readonly TimeProvider _time;

    public ChunkNodeClients(IOptions<ChunkOptions> options, IOptions<ClusterOptions> cluster, TimeProvider time)
    {
        _options = options.Value;
        _token = cluster.Value.Token;
        _time = time;
        _handler = CreateHandler(_options);
    }

    /// <summary>The client of the node at an address. Costs nothing until it is used.</summary>
    public ChunkNodeClient Get(Uri address) =>
        _nodes.GetOrAdd(address, static (key, clients) => new(() => clients.Create(key)), this).Value.Client;

    public void Dispose()
    {
        foreach (var node in _nodes.Values.Where(node => node.IsValueCreated))
        {
            node.Value.Channel.Dispose();
        }

        _handler.Dispose();
    }

    private static SocketsHttpHandler CreateHandler(ChunkOptions options) => new()
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = options.ConnectTimeout,
        EnableMultipleHttp2Connections = true,
        // What a slow consumer of one transfer may leave lying here.
        InitialHttp2StreamWindowSize = 2 * 1024 * 1024,
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5),
        // A stopped process or a lost host answers no ping; a node that waits for its disk does.
        KeepAlivePingDelay = TimeSpan.FromSeconds(5),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(5),
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
    };

    private (GrpcChannel Channel, ChunkNodeClient Client) Create(Uri address)
    {
        var channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            HttpHandler = _handler,
            DisposeHttpClient = false,
            MaxReceiveMessageSize = BlockFormat.MaxMessageBytes,
            MaxSendMessageSize = BlockFormat.MaxMessageBytes,
            // Whoever calls knows other copies; a retry here would only hide that this one is gone.
            MaxRetryAttempts = 0,
        });
        var invoker = channel.CreateCallInvoker();
        return (channel, new ChunkNodeClient(address, _token.Length == 0 ? invoker : invoker.Intercept(AddToken), _options, _time));
    }

    private Metadata AddToken(Metadata headers)
    {
        headers.Add(ClusterToken.HeaderName, _token);
        return headers;
    }
}
