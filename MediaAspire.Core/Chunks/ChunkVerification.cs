namespace MediaAspire.Core.Chunks;

/// <summary>What a node found when it read a whole chunk back.</summary>
/// <param name="IsIntact">Whether the footer, every block and the SHA-256 are right.</param>
/// <param name="BadBlocks">Offsets of the blocks that are not.</param>
/// <param name="Reason">What is wrong, for people; empty when nothing is.</param>
public sealed record ChunkVerification(bool IsIntact, IReadOnlyList<long> BadBlocks, string Reason);
