using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;
using MediaAspire.Storage.Chunks;
using Npgsql;

namespace MediaAspire.Storage.Membership;

/// <summary>The decision whether the node may join the cluster of its database.</summary>
/// <remarks>
/// Chunks that a database does not know are orphans, and orphans are deleted. So a disk joins one cluster and stays in it. A disk without
/// a cluster id joins when that cannot lose data: it does not hold chunks, or the database knows some of them.
/// </remarks>
internal sealed class ClusterAdmission(NodeRegistry registry, NodeIdentity identity, ChunkStore store)
{
    // The directories are chosen by random digits, so the first files listed are a fair sample.
    private const int SampleSize = 10_000;

    /// <summary>Compares the disk's cluster with the database's. A disk without a cluster joins if that is safe.</summary>
    /// <returns>Null when the node may register; otherwise the reason, with both ids and the remedies.</returns>
    /// <exception cref="NpgsqlException">The database did not answer.</exception>
    /// <exception cref="IOException">Writing the cluster's id failed.</exception>
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
        + "does not know the compared ones. Point ConnectionStrings:media at the database that knows them, or move the directory away "
        + $"to join cluster {database} without them. If they do belong to cluster {database}, write its id into {identity.ClusterPath} "
        + "and restart the node.";
}
