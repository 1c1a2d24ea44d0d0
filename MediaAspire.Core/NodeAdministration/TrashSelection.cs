using MediaAspire.Core.Chunks;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.NodeAdministration;

/// <summary>The chunks of a node's trash to restore.</summary>
/// <param name="Chunks">Only these; null for all.</param>
/// <param name="Since">Only those taken at this time or later, by the node's own clock; null for all.</param>
public sealed record TrashSelection(IReadOnlySet<ChunkId>? Chunks, DateTimeOffset? Since)
{
    public bool Contains(TrashedChunk entry)
    {
        ArgumentNullException.ThrowIfNull(entry);

        // The trash keeps whole seconds.
        return (Chunks is null || Chunks.Contains(entry.Chunk))
            && (Since is not { } since || entry.TrashedAt.AddSeconds(1) > since);
    }
}
