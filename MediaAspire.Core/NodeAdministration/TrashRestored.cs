using MediaAspire.Core.Ids;

namespace MediaAspire.Core.NodeAdministration;

/// <summary>The outcome of restoring chunks from a node's trash.</summary>
/// <param name="Restored">Chunks that are among the node's chunks again.</param>
/// <param name="AlreadyThere">Files that stay in the trash, because the node has their chunk.</param>
/// <param name="Damaged">Chunks whose file in the trash is damaged, and stays there.</param>
/// <param name="Next">The position from which to continue; null when the end of the trash was reached.</param>
public sealed record TrashRestored(long Restored, long AlreadyThere, IReadOnlyList<ChunkId> Damaged, string? Next);
