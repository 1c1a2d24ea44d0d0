namespace Aspire.Hosting.ApplicationModel;

/// <summary>Names a network in which an address is valid.</summary>
/// <param name="Value">The network's name.</param>
public record NetworkIdentifier(string Value)
{
    /// <inheritdoc />
    public override string ToString() => Value;
}

/// <summary>The networks that the orchestrator knows.</summary>
public static class KnownNetworkIdentifiers
{
    public static readonly NetworkIdentifier LocalhostNetwork = new("localhost");
    public static readonly NetworkIdentifier DefaultAspireContainerNetwork = new("aspire-container-network");
    public static readonly NetworkIdentifier PublicInternet = new(".");
}

/// <summary>The host names that the orchestrator knows.</summary>
public static class KnownHostNames
{
    public const string Localhost = "localhost";
    public const string DockerDesktopHostBridge = "host.docker.internal";
    public const string DefaultContainerTunnelHostName = "aspire.dev.internal";
}
