namespace MediaAspire.Core.Cluster;

/// <summary>A moment in the history of the database, as one server counts it.</summary>
/// <remarks>
/// Marks of the same server grow as long as the database keeps what it has committed. A lower mark than one seen before means that the
/// database was restored from a backup.
/// </remarks>
/// <param name="Epoch">The epoch of the cluster, which rises with every accepted restore; 0 when the server has not seen any.</param>
/// <param name="Count">The number of the server's reports that the database had committed.</param>
public readonly record struct HeartbeatMark(long Epoch, long Count)
{
    public override string ToString() => $"heartbeat {Count} of epoch {Epoch}";
}
