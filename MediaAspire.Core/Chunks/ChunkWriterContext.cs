using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;
using Microsoft.Extensions.Logging;

namespace MediaAspire.Core.Chunks;

/// <summary>The services and settings that all chunk writers of one file share.</summary>
internal sealed record ChunkWriterContext(
    ChunkNodeClients Nodes,
    ClusterView Cluster,
    int Copies,
    bool AllowDegraded,
    Func<ChunkId, ServerId, CancellationToken, Task> RecordSuccessor,
    ILogger Logger);
