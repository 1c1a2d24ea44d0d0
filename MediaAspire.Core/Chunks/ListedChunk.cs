using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Chunks;

/// <summary>A file among a node's chunks.</summary>
/// <param name="Chunk">The chunk that it is named after.</param>
/// <param name="Bytes">The size of the chunk in bytes; the size of the whole file when it is damaged.</param>
/// <param name="Age">The time since the file was written, by the node's own clock; never negative.</param>
/// <param name="IsDamaged">Indicates whether its footer is missing or damaged, so that none of it can be read.</param>
public sealed record ListedChunk(ChunkId Chunk, long Bytes, TimeSpan Age, bool IsDamaged);
