using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Chunks;

/// <summary>A file in a node's trash.</summary>
/// <param name="Name">The name by which it is restored.</param>
/// <param name="Chunk">The chunk.</param>
/// <param name="FileBytes">Length of the file.</param>
/// <param name="IsUnknown">Indicates whether no row knew it; otherwise its copy was to be removed.</param>
/// <param name="TrashedAt">The time when it was taken, by the node's own clock.</param>
/// <param name="Remaining">The running time of the node after which it is deleted.</param>
public sealed record TrashedChunk(
    string Name, ChunkId Chunk, long FileBytes, bool IsUnknown, DateTimeOffset TrashedAt, TimeSpan Remaining);
