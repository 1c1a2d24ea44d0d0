using MediaAspire.Core.Chunks;
using MediaAspire.Core.NodeAdministration;

namespace MediaAspire.Api.Admin;

/// <param name="Chunks">The chunks to restore; or null, and <paramref name="Since"/> is set.</param>
/// <param name="Since">Restores the chunks that were taken at this time or later, by the node's clock.</param>
/// <param name="After">The <c>next</c> of the previous response, to continue.</param>
internal sealed record RestoreTrashRequest(IReadOnlyList<Guid>? Chunks = null, DateTimeOffset? Since = null, string? After = null);

/// <param name="Bytes">Bytes of the whole trash, by the node's last report.</param>
/// <param name="Chunks">The page.</param>
/// <param name="Next">The value of "after" for the next page; null on the last one.</param>
internal sealed record TrashResponse(long Bytes, IReadOnlyList<TrashedChunkResponse> Chunks, string? Next);

/// <param name="ChunkId">The chunk.</param>
/// <param name="Bytes">Length of its file.</param>
/// <param name="Reason"><c>removed</c>: its copy was to be removed; <c>unknown</c>: no row knew it.</param>
/// <param name="TrashedAt">The time when it was taken, by the node's clock.</param>
/// <param name="RemainingSeconds">Running time of the node until it is deleted.</param>
internal sealed record TrashedChunkResponse(Guid ChunkId, long Bytes, string Reason, DateTimeOffset TrashedAt, long RemainingSeconds)
{
    public static TrashedChunkResponse Of(TrashedChunk chunk) => new(
        chunk.Chunk.Value, chunk.FileBytes, chunk.IsUnknown ? "unknown" : "removed", chunk.TrashedAt, (long)chunk.Remaining.TotalSeconds);
}

/// <param name="Restored">Chunks that are among the node's chunks again.</param>
/// <param name="AlreadyThere">Files that stay in the trash, because the node has their chunk.</param>
/// <param name="Damaged">Chunks whose file in the trash is damaged, and stays there.</param>
/// <param name="Next">The "after" of the next call; null when the end of the trash was reached.</param>
internal sealed record TrashRestoredResponse(long Restored, long AlreadyThere, IReadOnlyList<Guid> Damaged, string? Next)
{
    public static TrashRestoredResponse Of(TrashRestored outcome) => new(
        outcome.Restored, outcome.AlreadyThere, [.. outcome.Damaged.Select(chunk => chunk.Value)], outcome.Next);
}

/// <param name="Chunks">Chunks that were deleted.</param>
/// <param name="Bytes">Bytes of their files.</param>
internal sealed record TrashEmptiedResponse(long Chunks, long Bytes);

/// <param name="Chunks">The most unknown chunks for which the permit holds.</param>
internal sealed record CollectionPermitResponse(long Chunks);
