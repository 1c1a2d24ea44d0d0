using Grpc.Core;
using MediaAspire.Core.Cluster;
using MediaAspire.Storage.Chunks;
using Microsoft.Extensions.Options;

namespace MediaAspire.Storage.Membership;

/// <summary>A check that callers have the cluster's token, if there is one, and address this server and its disk's cluster.</summary>
internal sealed class CallerCheck(IOptions<ClusterOptions> options, NodeIdentity identity)
{
    /// <summary>Checks the token of a caller.</summary>
    /// <exception cref="RpcException">The token is missing or wrong.</exception>
    public void CheckToken(string? shown)
    {
        var token = options.Value.Token;
        if (token.Length > 0 && !ClusterToken.Matches(shown, token))
        {
            throw ChunkStoreErrors.NoToken();
        }
    }

    /// <summary>Checks the addressed server and cluster.</summary>
    /// <param name="server">The addressed server; <see langword="null"/> for any.</param>
    /// <param name="cluster">
    /// The cluster of the caller's database; <see langword="null"/> when the caller does not act for a database.
    /// </param>
    /// <exception cref="RpcException">Another server or cluster is addressed.</exception>
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
