using MediaAspire.Core.Checksums;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Files;

/// <summary>A chunk whose bytes are about to be sent.</summary>
/// <param name="Id">The chunk's id.</param>
/// <param name="Number">Position among the file's chunks, from 0.</param>
/// <param name="Offset">Position of its first byte in the file.</param>
/// <param name="Servers">The servers for its copies, at least one.</param>
public sealed record PlannedChunk(ChunkId Id, int Number, long Offset, IReadOnlyList<ServerId> Servers);

/// <summary>A chunk whose copies are on stable storage.</summary>
/// <param name="Id">The chunk's id.</param>
/// <param name="Size">Length in bytes.</param>
/// <param name="Sha256">SHA-256 of its bytes.</param>
/// <param name="Servers">The servers that acknowledged a copy.</param>
public sealed record WrittenChunk(ChunkId Id, long Size, Sha256Digest Sha256, IReadOnlyList<ServerId> Servers);
