using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;
using MediaAspire.Storage.Chunks;
using Npgsql;

namespace MediaAspire.Storage.Membership;

/// <summary>Decides whether the node may take part in the cluster whose database it was given.</summary>
/// <remarks>
/// To a database that does not know them the chunks of a node are orphans, and orphans are deleted. So a disk joins one cluster and stays
/// with it. A disk without a cluster id joins when nothing can be lost by that: it holds no chunk, or the database knows some of them.
/// </remarks>
internal sealed class ClusterAdmission(NodeRegistry registry, NodeIdentity identity, ChunkStore store)
{
    // Names are spread over the directories by random digits, so the first ones listed are a fair sample.
    private const int SampleSize = 10_000;

    /// <summary>Compares the disk's cluster with the database's. A disk that belongs to none joins, if that is safe.</summary>
    /// <returns>Null when the node may register; otherwise what is wrong, with both ids, and what to do.</returns>
    /// <exception cref="NpgsqlException">The database did not answer.</exception>
    /// <exception cref="IOException">The disk did not take the cluster's id.</exception>
    public async Task<string?> CheckAsync(CancellationToken cancellationToken)
    {
        if (identity.Cluster is { } own)
        {
            var (database, _) = await registry.IdentifyAsync([], cancellationToken);
            return database == own ? null : Foreign(own, database);
        }

        var sample = store.Sample(SampleSize);
        var (cluster, knowsAny) = await registry.IdentifyAsync(sample, cancellationToken);
        if (sample.Count > 0 && !knowsAny)
        {
            return Unknown(cluster);
        }

        identity.Join(cluster);
        return null;
    }

    private string Foreign(ClusterId own, ClusterId database) =>
        $"The data directory {identity.DataDirectory} belongs to cluster {own}, but the database is that of cluster {database}. "
        + $"Point ConnectionStrings:media at the database of cluster {own}, or Storage:DataDirectory at a directory of cluster {database}. "
        + $"To give this disk to cluster {database}, stop the node and move the directory away; the chunks in it then belong to neither.";

    private string Unknown(ClusterId database) =>
        $"The data directory {identity.DataDirectory} holds {store.Count} chunks and no cluster id, and the database of cluster {database} "
        + "knows none of those that were compared. Point ConnectionStrings:media at the database that knows them, or move the directory away "
        + $"to join cluster {database} without them. If they do belong to cluster {database}, write its id into {identity.ClusterPath} and restart the node.";
}
