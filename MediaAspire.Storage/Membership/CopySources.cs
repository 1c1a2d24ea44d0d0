using System.Collections.Frozen;
using System.Data.Common;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;
using MediaAspire.Storage.Chunks;

namespace MediaAspire.Storage.Membership;

/// <summary>The servers that the cluster's database names, read at most every five seconds and when an unknown one is asked for.</summary>
internal sealed class CopySources(NodeRegistry registry, NodeIdentity identity, TimeProvider time) : ICopySources
{
    // A server that has restarted at another address is found after this time. Until then nothing listens there, or a server that is not
    // addressed.
    private static readonly TimeSpan s_lifetime = TimeSpan.FromSeconds(5);

    private volatile Known? _known;

    /// <inheritdoc/>
    public async Task<ClusterServer> FindAsync(ServerId server, CancellationToken cancellationToken)
    {
        if (_known is not { } known || time.GetElapsedTime(known.ReadAt) > s_lifetime || !known.Servers.ContainsKey(server))
        {
            _known = known = await ReadAsync(cancellationToken);
        }

        if (!known.Servers.TryGetValue(server, out var found) || found.Status == ServerStatus.Removed)
        {
            throw new ChunkStoreException(
                ChunkStoreError.Invalid, $"Server {server} does not belong to the cluster, so chunks are not copied from it.");
        }

        // The database may have been replaced since this node joined its cluster.
        return found.Cluster == identity.Cluster
            ? found
            : throw new ChunkStoreException(
                ChunkStoreError.Invalid,
                $"The database is that of cluster {found.Cluster}, but the disk of this node belongs to cluster {identity.Cluster}.");
    }

    private async Task<Known> ReadAsync(CancellationToken cancellationToken)
    {
        var readAt = time.GetTimestamp();
        try
        {
            var servers = await registry.ReadServersAsync(cancellationToken);
            return new Known(servers.ToFrozenDictionary(server => server.Id), readAt);
        }
        catch (Exception exception) when (exception is DbException or TimeoutException or IOException)
        {
            throw ChunkStoreErrors.NoServers(exception.Message);
        }
    }

    private sealed record Known(FrozenDictionary<ServerId, ClusterServer> Servers, long ReadAt);
}
