using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;

namespace MediaAspire.Storage.Chunks;

/// <summary>The servers from which the node copies chunks.</summary>
/// <remarks>
/// A caller names a server and never an address, so that the node connects only to servers of its cluster, and presents the token to no
/// other.
/// </remarks>
public interface ICopySources
{
    /// <summary>Finds a server of the node's cluster, with its current address.</summary>
    /// <exception cref="ChunkStoreException">The cluster does not have that server.</exception>
    /// <exception cref="Grpc.Core.RpcException">The servers of the cluster could not be read.</exception>
    Task<ClusterServer> FindAsync(ServerId server, CancellationToken cancellationToken);
}
