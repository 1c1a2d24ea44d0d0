using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Chunks;

/// <summary>A file among a node's chunks.</summary>
/// <param name="Chunk">The chunk that it is named after.</param>
/// <param name="Bytes">The chunk's bytes; the whole file's when it is damaged.</param>
/// <param name="Age">Time since the file was written, by the node's own clock; never negative.</param>
/// <param name="IsDamaged">Whether its footer is missing or damaged, so that nothing of it is served.</param>
public sealed record ListedChunk(ChunkId Chunk, long Bytes, TimeSpan Age, bool IsDamaged);
