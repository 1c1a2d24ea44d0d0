using MediaAspire.Core.Checksums;

namespace MediaAspire.Core.Chunks;

/// <summary>A chunk that a node has fetched from another one, as it lies on stable storage there.</summary>
/// <param name="Size">Its bytes.</param>
/// <param name="Sha256">The SHA-256 that the node computed of them.</param>
public sealed record CopiedChunk(long Size, Sha256Digest Sha256);
