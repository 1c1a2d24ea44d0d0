using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Cluster;

/// <summary>A storage server as the cluster knew it when the view was read.</summary>
/// <param name="Id">Its identity.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Address">The address of its gRPC service.</param>
/// <param name="Status">Its status, with an overdue heartbeat already counted as <see cref="ServerStatus.Offline"/>.</param>
/// <param name="AvailableBytes">Bytes that it can still take.</param>
/// <param name="UsedBytes">Bytes of its chunk files, with those in its trash.</param>
/// <param name="ChunkCount">Its chunks.</param>
/// <param name="HeartbeatAge">Time between its last report and the reading of the view, both by the database's clock.</param>
/// <param name="Cluster">The cluster whose database it was read from; calls to the server name it. Null outside of databases.</param>
/// <param name="TrashBytes">Bytes of the chunk files in its trash, which <paramref name="UsedBytes"/> contains.</param>
public sealed record ClusterServer(
    ServerId Id,
    string Name,
    Uri Address,
    ServerStatus Status,
    long AvailableBytes,
    long UsedBytes,
    long ChunkCount,
    TimeSpan HeartbeatAge = default,
    ClusterId? Cluster = null,
    long TrashBytes = 0)
{
    /// <summary>Gets the bytes of its chunk files without those in its trash.</summary>
    public long ChunkBytes => UsedBytes - TrashBytes;

    /// <summary>Finds out whether it had no room for a chunk of this size, by its last report.</summary>
    public bool IsTooFullFor(long chunkBytes) => AvailableBytes == 0 || AvailableBytes < chunkBytes;
}
