using MediaAspire.Core.Chunks;
using MediaAspire.Core.Ids;

namespace MediaAspire.Storage.Chunks;

/// <summary>A file among the node's chunks.</summary>
/// <param name="Chunk">The chunk that it is named after.</param>
/// <param name="Info">The contents of its footer; null when the footer is missing or damaged.</param>
/// <param name="FileBytes">Length of the file.</param>
/// <param name="WrittenAt">The time of the last write, by this machine's clock.</param>
public sealed record ChunkEntry(ChunkId Chunk, ChunkInfo? Info, long FileBytes, DateTimeOffset WrittenAt);
