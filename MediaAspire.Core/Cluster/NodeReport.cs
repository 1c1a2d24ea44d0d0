using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Cluster;

/// <summary>The report of a storage server about itself.</summary>
/// <param name="Id">The identity on its disk.</param>
/// <param name="Cluster">The cluster that its disk belongs to.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Address">The address of its gRPC service.</param>
/// <param name="AvailableBytes">Bytes that it can still take.</param>
/// <param name="UsedBytes">Bytes of its chunk files, with those in its trash.</param>
/// <param name="ChunkCount">Its chunks.</param>
/// <param name="TrashBytes">Bytes of the chunk files in its trash.</param>
/// <param name="Seen">The last mark of the database that it has seen; epoch 0 for none.</param>
/// <param name="SeenAt">The database's time of that mark; null when unknown.</param>
public sealed record NodeReport(
    ServerId Id,
    ClusterId Cluster,
    string Name,
    Uri Address,
    long AvailableBytes,
    long UsedBytes,
    long ChunkCount,
    long TrashBytes = 0,
    HeartbeatMark Seen = default,
    DateTimeOffset? SeenAt = null);
