using MediaAspire.Core.Chunks.Protos;

namespace MediaAspire.Core.Chunks;

/// <summary>One message of a PutChunk stream: the generated PutChunkRequest with its blocks in a pooled buffer.</summary>
/// <remarks>Exactly one member is set. The receiver of a part owns the reference to its <see cref="Blocks"/>.</remarks>
public sealed class PutChunkPart
{
    public PutChunkOpen? Open { get; init; }

    public BlockRun? Blocks { get; init; }

    public PutChunkSeal? Seal { get; init; }
}
