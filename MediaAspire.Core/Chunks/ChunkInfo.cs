using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Chunks;

/// <summary>A sealed chunk as its node describes it.</summary>
/// <param name="Chunk">The chunk.</param>
/// <param name="File">The file that it is a part of.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="Sha256">The SHA-256 of its bytes, as the writer gave it when sealing.</param>
public sealed record ChunkInfo(ChunkId Chunk, FileId File, long Size, ReadOnlyMemory<byte> Sha256);
