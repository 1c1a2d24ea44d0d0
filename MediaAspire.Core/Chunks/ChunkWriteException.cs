using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Chunks;

/// <summary>A chunk could not be written to the wanted number of servers.</summary>
public sealed class ChunkWriteException(ChunkId chunk, int wanted, int made, Exception? innerException)
    : Exception($"Chunk {chunk} reached {made} of {wanted} servers, and no other server is available for it.", innerException)
{
    public ChunkId Chunk { get; } = chunk;

    /// <summary>Gets the number of copies wanted.</summary>
    public int Wanted { get; } = wanted;

    /// <summary>Gets the number of copies that had not failed.</summary>
    public int Made { get; } = made;
}
