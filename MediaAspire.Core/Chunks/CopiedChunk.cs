using MediaAspire.Core.Checksums;

namespace MediaAspire.Core.Chunks;

/// <summary>A chunk that a node has fetched from another node, on its stable storage.</summary>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Sha256">The SHA-256 that the node computed.</param>
public sealed record CopiedChunk(long Size, Sha256Digest Sha256);
