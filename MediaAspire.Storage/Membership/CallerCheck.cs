using Grpc.Core;
using MediaAspire.Core.Cluster;
using MediaAspire.Storage.Chunks;

namespace MediaAspire.Storage.Membership;

/// <summary>A check that callers have the cluster's token, and address this server and its disk's cluster.</summary>
internal sealed class CallerCheck(ClusterAccess access, NodeIdentity identity)
{
    /// <summary>Determines whether a caller presents the cluster's token.</summary>
    public bool HasToken(string? presented) => access.Admits(presented);

    /// <summary>Checks the token of a caller, and then the addressed server and cluster.</summary>
    /// <param name="token">The presented token.</param>
    /// <param name="server">The addressed server; <see langword="null"/> for any.</param>
    /// <param name="cluster">
    /// The cluster of the caller's database; <see langword="null"/> when the caller does not act for a database.
    /// </param>
    /// <exception cref="RpcException">
    /// The token is missing or wrong, which is all that the error reveals; or another server or cluster is addressed.
    /// </exception>
    public void Check(string? token, string? server, string? cluster)
    {
        if (!HasToken(token))
        {
            throw ChunkStoreErrors.NoToken();
        }

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
