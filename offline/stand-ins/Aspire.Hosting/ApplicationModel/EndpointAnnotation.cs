using System.Net.Sockets;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Describes an endpoint on which a resource listens.</summary>
public sealed class EndpointAnnotation : IResourceAnnotation
{
    private int? _port;
    private int? _targetPort;
    private string? _transport;
    private bool? _tlsEnabled;

    /// <summary>Describes an endpoint on the host's network.</summary>
    public EndpointAnnotation(
        ProtocolType protocol,
        string? uriScheme = null,
        string? transport = null,
        [EndpointName] string? name = null,
        int? port = null,
        int? targetPort = null,
        bool? isExternal = null,
        bool? isProxied = null)
        : this(protocol, networkId: null, uriScheme, transport, name, port, targetPort, isExternal, isProxied)
    {
    }

    /// <summary>Describes an endpoint.</summary>
    /// <param name="protocol">TCP or UDP.</param>
    /// <param name="networkId">The network of the endpoint; null means the host's.</param>
    /// <param name="uriScheme">The scheme of its address; null takes the protocol's name.</param>
    /// <param name="transport">For example <c>http2</c>; null derives it from the scheme.</param>
    /// <param name="name">The endpoint's name; null takes the scheme.</param>
    /// <param name="port">The port that others use; null takes a free one.</param>
    /// <param name="targetPort">The port on which the process listens; null takes a free one.</param>
    /// <param name="isExternal">Whether it is reachable from outside once deployed; null means no.</param>
    /// <param name="isProxied">Whether the orchestrator puts a proxy in front; null means yes.</param>
    public EndpointAnnotation(
        ProtocolType protocol,
        NetworkIdentifier? networkId,
        string? uriScheme = null,
        string? transport = null,
        [EndpointName] string? name = null,
        int? port = null,
        int? targetPort = null,
        bool? isExternal = null,
        bool? isProxied = null)
    {
        Protocol = protocol;
        UriScheme = uriScheme ?? protocol.ToString().ToLowerInvariant();
        Name = name ?? UriScheme;
        ModelName.Validate("Endpoint", Name);

        _transport = transport;
        _port = port;
        _targetPort = targetPort;
        IsExternal = isExternal ?? false;
        IsExplicitlyProxied = isProxied;
        DefaultNetworkID = networkId ?? KnownNetworkIdentifiers.LocalhostNetwork;
    }

    public string Name { get; set; }

    public ProtocolType Protocol { get; set; }

    public string UriScheme { get; set; }

    /// <summary>Gets or sets the address on which the process listens.</summary>
    /// <value>The default is <c>localhost</c>.</value>
    public string TargetHost { get; set; } = KnownHostNames.Localhost;

    /// <summary>Gets or sets the port that others use; without a proxy it is the target port.</summary>
    public int? Port
    {
        get => _port ?? (IsProxied ? null : _targetPort);
        set => _port = value;
    }

    /// <summary>Gets or sets the port on which the process listens; without a proxy it is the public port.</summary>
    public int? TargetPort
    {
        get => _targetPort ?? (IsProxied ? null : _port);
        set => _targetPort = value;
    }

    public string Transport
    {
        get => _transport ?? (UriScheme is "http" or "https" ? "http" : Protocol.ToString().ToLowerInvariant());
        set => _transport = value;
    }

    public bool IsExternal { get; set; }

    /// <summary>Gets or sets whether the orchestrator puts a proxy in front, which replicas need.</summary>
    /// <value>The default is <see langword="true"/>.</value>
    public bool IsProxied
    {
        get => IsExplicitlyProxied ?? true;
        set => IsExplicitlyProxied = value;
    }

    public bool? IsExplicitlyProxied { get; set; }

    /// <summary>Gets or sets whether a reference to the whole resource leaves this endpoint out.</summary>
    public bool ExcludeReferenceEndpoint { get; set; }

    public bool TlsEnabled
    {
        get => _tlsEnabled ?? string.Equals(UriScheme, "https", StringComparison.OrdinalIgnoreCase);
        set => _tlsEnabled = value;
    }

    public NetworkIdentifier DefaultNetworkID { get; }

    /// <summary>Gets or sets the address in the default network, or null before it is allocated.</summary>
    public AllocatedEndpoint? AllocatedEndpoint
    {
        get => AllAllocatedEndpoints.TryGetAllocatedEndpoint(DefaultNetworkID);
        set
        {
            if (value is null)
            {
                AllAllocatedEndpoints.Fail(DefaultNetworkID, new InvalidOperationException($"The endpoint `{Name}` is not allocated"));
                return;
            }

            AllAllocatedEndpoints.AddOrUpdateAllocatedEndpoint(DefaultNetworkID, value);
        }
    }

    /// <summary>Gets the addresses in all networks.</summary>
    public NetworkEndpointSnapshotList AllAllocatedEndpoints { get; } = [];

    internal bool FromLaunchProfile { get; set; }

    internal int? SpecifiedPort => _port;
}
