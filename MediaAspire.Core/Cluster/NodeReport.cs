using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Cluster;

/// <summary>The report of a storage server about itself.</summary>
/// <param name="Id">The identity on its disk.</param>
/// <param name="Cluster">The cluster that its disk belongs to.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Address">The address of its gRPC service.</param>
/// <param name="AvailableBytes">Bytes that it can still take.</param>
/// <param name="UsedBytes">Bytes of its chunks.</param>
/// <param name="ChunkCount">Its chunks.</param>
public sealed record NodeReport(
    ServerId Id, ClusterId Cluster, string Name, Uri Address, long AvailableBytes, long UsedBytes, long ChunkCount);
