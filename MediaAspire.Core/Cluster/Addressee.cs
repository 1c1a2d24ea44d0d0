using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Cluster;

/// <summary>Which server a call is meant for. Ports change hands: where one server stood, another may listen after both were restarted.</summary>
public static class Addressee
{
    /// <summary>The gRPC header that carries the server's id; a call without it is meant for whoever listens.</summary>
    public const string HeaderName = "mediaaspire-server-id";

    /// <summary>Whether a call is meant for a server.</summary>
    public static bool Matches(string? named, ServerId server) => named is null || (ServerId.TryParse(named, out var id) && id == server);
}
