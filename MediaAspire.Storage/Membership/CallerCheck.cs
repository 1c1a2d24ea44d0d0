using Grpc.Core;
using MediaAspire.Core.Cluster;
using MediaAspire.Storage.Chunks;
using Microsoft.Extensions.Options;

namespace MediaAspire.Storage.Membership;

/// <summary>Admits only callers that know the cluster's token, when there is one, and mean this server and its disk's cluster.</summary>
internal sealed class CallerCheck(IOptions<ClusterOptions> options, NodeIdentity identity)
{
    /// <exception cref="RpcException">The token is missing or wrong.</exception>
    public void CheckToken(string? shown)
    {
        var token = options.Value.Token;
        if (token.Length > 0 && !ClusterToken.Matches(shown, token))
        {
            throw ChunkStoreErrors.NoToken();
        }
    }

    /// <param name="server">The server that is meant; <see langword="null"/> for the one that listens.</param>
    /// <param name="cluster">The cluster that the caller acts for; <see langword="null"/> when it follows no rows.</param>
    /// <exception cref="RpcException">Another server is meant, or a server of another cluster.</exception>
    public void CheckAddressee(string? server, string? cluster)
    {
        if (!Addressee.Matches(server, identity.Id))
        {
            throw ChunkStoreErrors.AnotherServer(identity.Id);
        }

        if (!Addressee.Matches(cluster, identity.Cluster))
        {
            throw ChunkStoreErrors.AnotherCluster(identity.Cluster, cluster!);
        }
    }
}
