using MediaAspire.Core.Cluster;

namespace MediaAspire.Api.Admin;

/// <param name="ClusterId">The id that the database and every node's disk carry.</param>
/// <param name="Epoch">Rises with every accepted restore.</param>
/// <param name="Sweeps"><c>running</c>, or <c>withheld</c> while a restore is open: nothing is deleted then.</param>
/// <param name="OpenRestores">Nodes that have seen a later state of the database, until an operator accepts that.</param>
internal sealed record ClusterResponse(Guid ClusterId, long Epoch, string Sweeps, IReadOnlyList<DetectedRestoreResponse> OpenRestores)
{
    public static ClusterResponse Of(ClusterHistory history) => new(
        history.Cluster.Value,
        history.Epoch,
        history.OpenRestores.Count == 0 ? "running" : "withheld",
        [.. history.OpenRestores.Select(DetectedRestoreResponse.Of)]);
}

/// <param name="NodeId">The node that has noticed it.</param>
/// <param name="Node">Its name.</param>
/// <param name="Seen">The last heartbeat that the node has seen.</param>
/// <param name="Database">The node's last heartbeat that the database knew.</param>
/// <param name="FoundAt">The time of the detection, by the database's clock.</param>
/// <param name="Reason">Both heartbeats and the solution, for people.</param>
internal sealed record DetectedRestoreResponse(
    Guid NodeId, string Node, HeartbeatMarkResponse Seen, HeartbeatMarkResponse Database, DateTimeOffset FoundAt, string Reason)
{
    public static DetectedRestoreResponse Of(DetectedRestore restore) => new(
        restore.Server.Value,
        restore.ServerName,
        new(restore.Seen.Epoch, restore.Seen.Count, restore.SeenAt),
        new(restore.Own.Epoch, restore.Own.Count, restore.OwnAt),
        restore.FoundAt,
        restore.Describe());
}

/// <param name="Epoch">The cluster's epoch.</param>
/// <param name="Count">The number of the node's heartbeats.</param>
/// <param name="At">The database's time of that heartbeat; null when unknown.</param>
internal sealed record HeartbeatMarkResponse(long Epoch, long Count, DateTimeOffset? At);
