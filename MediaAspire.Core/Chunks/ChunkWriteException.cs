using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Chunks;

/// <summary>A chunk could not be put on as many servers as wanted.</summary>
public sealed class ChunkWriteException(ChunkId chunk, int wanted, int made, Exception? innerException)
    : Exception($"Chunk {chunk} reached {made} of {wanted} servers, and no other server can take it.", innerException)
{
    public ChunkId Chunk { get; } = chunk;

    /// <summary>Gets how many copies were wanted.</summary>
    public int Wanted { get; } = wanted;

    /// <summary>Gets how many copies stood when the writer gave up.</summary>
    public int Made { get; } = made;
}
