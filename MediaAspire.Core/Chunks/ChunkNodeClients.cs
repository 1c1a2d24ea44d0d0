using System.Collections.Concurrent;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Chunks;

/// <summary>The clients of all chunk nodes, by address; they share their connections.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class ChunkNodeClients : IDisposable
{
    private readonly ConcurrentDictionary<(Uri Address, ServerId? Server, ClusterId? Cluster), Lazy<Node>> _nodes = new();
    private readonly SocketsHttpHandler _handler;
    private readonly PlainTextRefusal _plainTextRefusal = new();
    private readonly ClusterCertificates _certificates;
    private readonly ChunkOptions _options;
    private readonly IPutTransports _transports;
    private readonly string _token;
    private readonly TimeProvider _time;

    internal ChunkNodeClients(
        IOptions<ChunkOptions> options,
        IOptions<ClusterOptions> cluster,
        ClusterCertificates certificates,
        IPutTransports transports,
        TimeProvider time)
    {
        _options = options.Value;
        _transports = transports;
        _token = cluster.Value.Token;
        _time = time;
        _certificates = certificates;
        _handler = CreateHandler(_options);
        if (certificates.IsUsed)
        {
            _handler.SslOptions = certificates.CreateClientOptions();
        }
    }

    /// <summary>Gets the client of the node at an address. Connects on first use.</summary>
    public ChunkNodeClient Get(Uri address) =>
        GetOrAdd(address, server: null, cluster: null);

    /// <summary>
    /// Gets the client of a server, at its last known address. Another server that listens there now is
    /// <see cref="ChunkNodeError.Unreachable"/>, and so is a server whose disk belongs to another cluster than the database that listed it.
    /// For callers that write, delete, or draw conclusions from a missing chunk.
    /// </summary>
    public ChunkNodeClient Get(ClusterServer server)
    {
        ArgumentNullException.ThrowIfNull(server);
        return GetOrAdd(server.Address, server.Id, server.Cluster);
    }

    public void Dispose()
    {
        foreach (var node in _nodes.Values.Where(node => node.IsValueCreated))
        {
            node.Value.Channel.Dispose();
            node.Value.Transport.Dispose();
        }

        _handler.Dispose();
        _plainTextRefusal.Dispose();
    }

    private static SocketsHttpHandler CreateHandler(ChunkOptions options) => new()
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = options.ConnectTimeout,
        EnableMultipleHttp2Connections = true,
        // The most bytes that a slow consumer of one transfer may leave unread here.
        InitialHttp2StreamWindowSize = 2 * 1024 * 1024,
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5),
        // A stopped process or a lost host answers no ping; a node that waits for its disk does.
        KeepAlivePingDelay = TimeSpan.FromSeconds(5),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(5),
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
    };

    private ChunkNodeClient GetOrAdd(Uri address, ServerId? server, ClusterId? cluster) =>
        _nodes.GetOrAdd(
            (address, server, cluster),
            static (key, clients) => new(() => clients.Create(key.Address, key.Server, key.Cluster)),
            this).Value.Client;

    private Node Create(Uri address, ServerId? server, ClusterId? cluster)
    {
        var addressee = server?.ToString();
        var clusterId = cluster?.ToString();
        var transport = _transports.Create(address, server, cluster);
        var channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            HttpHandler = _certificates.IsUsed && address.Scheme != Uri.UriSchemeHttps ? _plainTextRefusal : _handler,
            DisposeHttpClient = false,
            MaxReceiveMessageSize = BlockFormat.MaxMessageBytes,
            MaxSendMessageSize = BlockFormat.MaxMessageBytes,
            // The caller knows other copies; a retry here would only hide the failure of this one.
            MaxRetryAttempts = 0,
        });
        var client = new ChunkNodeClient(address, channel.CreateCallInvoker().Intercept(AddHeaders), transport, _options, _time);
        return new(channel, transport, client);

        Metadata AddHeaders(Metadata headers)
        {
            if (_token.Length > 0)
            {
                headers.Add(ClusterToken.HeaderName, _token);
            }

            if (addressee is not null)
            {
                headers.Add(Addressee.HeaderName, addressee);
            }

            if (clusterId is not null)
            {
                headers.Add(Addressee.ClusterHeaderName, clusterId);
            }

            return headers;
        }
    }

    private sealed record Node(GrpcChannel Channel, IPutTransport Transport, ChunkNodeClient Client);
}
