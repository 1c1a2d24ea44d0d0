using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Chunks;

/// <summary>No copy of a chunk could be read.</summary>
public sealed class ChunkUnavailableException(ChunkId chunk, int copies, Exception? innerException)
    : Exception($"None of the {copies} copies of chunk {chunk} could be read.", innerException)
{
    public ChunkId Chunk { get; } = chunk;
}
