using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Chunks;

/// <summary>A node's description of a sealed chunk.</summary>
/// <param name="Chunk">The chunk.</param>
/// <param name="File">The file that it is a part of.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Sha256">The SHA-256 of its bytes, from the writer's seal.</param>
public sealed record ChunkInfo(ChunkId Chunk, FileId File, long Size, ReadOnlyMemory<byte> Sha256);
