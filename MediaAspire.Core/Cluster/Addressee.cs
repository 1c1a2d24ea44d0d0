using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Cluster;

/// <summary>
/// The server that a call is meant for, and the cluster that it acts for. Ports change hands: where one server stood, another may listen
/// after both were restarted. Databases do too, and rows of another cluster say nothing about the chunks of this one.
/// </summary>
public static class Addressee
{
    /// <summary>The gRPC header that carries the server's id; a call without it is meant for the server that listens.</summary>
    public const string HeaderName = "mediaaspire-server-id";

    /// <summary>The gRPC header that carries the id of the caller's cluster; a call without it draws no conclusion from any rows.</summary>
    public const string ClusterHeaderName = "mediaaspire-cluster-id";

    /// <summary>Gets a value indicating whether a call is meant for a server.</summary>
    public static bool Matches(string? named, ServerId server) => named is null || (ServerId.TryParse(named, out var id) && id == server);

    /// <summary>Gets a value indicating whether a call acts for a cluster; none does for a node that has not joined one.</summary>
    public static bool Matches(string? named, ClusterId? cluster) =>
        named is null || (ClusterId.TryParse(named, out var id) && id == cluster);
}
