using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;
using MediaAspire.Storage.Chunks;
using Npgsql;

namespace MediaAspire.Storage.Membership;

/// <summary>The decision whether the node may join the cluster of its database.</summary>
/// <remarks>
/// Chunks that a database does not know are orphans, and orphans are deleted. So a disk joins one cluster and stays in it. A disk without
/// a cluster id joins when that cannot lose data: it does not hold chunks, or the database knows some of them. A database whose epoch is
/// lower than the one on the disk is older than an accepted restore, and the disk does not follow it.
/// </remarks>
internal sealed class ClusterAdmission(NodeRegistry registry, NodeIdentity identity, SeenHistory history, ChunkStore store)
{
    // The directories are chosen by random digits, so the first files listed are a fair sample.
    private const int SampleSize = 10_000;

    /// <summary>
    /// Compares the disk's cluster and epoch with the database's. A disk without a cluster joins if that is safe.
    /// </summary>
    /// <returns>Null when the node may register; otherwise the reason, with both ids or epochs and the remedies.</returns>
    /// <exception cref="NpgsqlException">The database did not answer.</exception>
    /// <exception cref="IOException">Writing the cluster's id failed.</exception>
    public async Task<AdmissionRefusal?> CheckAsync(CancellationToken cancellationToken)
    {
        if (identity.Cluster is { } own)
        {
            var (database, epoch) = await registry.IdentifyAsync(cancellationToken);
            return database != own ? new(Foreign(own, database), IsOlder: false)
                : epoch < history.Seen.Epoch ? new(Older(epoch), IsOlder: true)
                : null;
        }

        var sample = store.Sample(SampleSize);
        var (cluster, knowsAny) = await registry.IdentifyAsync(sample, cancellationToken);
        if (sample.Count > 0 && !knowsAny)
        {
            return new(Unknown(cluster), IsOlder: false);
        }

        identity.Join(cluster);
        return null;
    }

    private string Foreign(ClusterId own, ClusterId database) =>
        $"The data directory {identity.DataDirectory} belongs to cluster {own}, but the database is that of cluster {database}. "
        + $"Point ConnectionStrings:media at the database of cluster {own}, or Storage:DataDirectory at a directory of cluster {database}. "
        + $"To give this disk to cluster {database}, stop the node and move the directory away; the chunks in it then belong to neither.";

    private string Older(long epoch) =>
        $"The database of cluster {identity.Cluster} is in epoch {epoch}, but the data directory {identity.DataDirectory} has seen epoch "
        + $"{history.Seen.Epoch}: the database was restored from a backup that is older than the last accepted restore, or it is a copy. "
        + $"Point ConnectionStrings:media at the database of epoch {history.Seen.Epoch}. If the database was restored on purpose, send "
        + "POST /admin/cluster/accept-restore; docs/operations/restore.md describes both.";

    private string Unknown(ClusterId database) =>
        $"The data directory {identity.DataDirectory} holds {store.Count} chunks and no cluster id, and the database of cluster {database} "
        + "does not know the compared ones. Point ConnectionStrings:media at the database that knows them, or move the directory away "
        + $"to join cluster {database} without them. If they do belong to cluster {database}, write its id into {identity.ClusterPath} "
        + "and restart the node.";
}
