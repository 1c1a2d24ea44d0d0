namespace MediaAspire.Core.Chunks;

/// <summary>The result of verifying a whole chunk.</summary>
/// <param name="IsIntact">Indicates whether the footer, every block and the SHA-256 are correct.</param>
/// <param name="BadBlocks">The offsets of the damaged blocks.</param>
/// <param name="Reason">A description of the damage; empty for an intact chunk.</param>
public sealed record ChunkVerification(bool IsIntact, IReadOnlyList<long> BadBlocks, string Reason);
