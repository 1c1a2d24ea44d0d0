using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;
using MediaAspire.Storage.Chunks;

namespace MediaAspire.Tests.Harness;

/// <summary>The servers of a node without a database, from which it may copy.</summary>
internal sealed class FixedSources : ICopySources
{
    public IReadOnlyCollection<ClusterServer> Servers { get; set; } = [];

    public Task<ClusterServer> FindAsync(ServerId server, CancellationToken cancellationToken) =>
        Task.FromResult(Servers.FirstOrDefault(one => one.Id == server)
            ?? throw new ChunkStoreException(ChunkStoreError.Invalid, $"Server {server} does not belong to the cluster."));
}
