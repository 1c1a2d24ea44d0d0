using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Copies;

/// <summary>A chunk of a complete file and every copy that PostgreSQL knows of it.</summary>
/// <param name="Chunk">The chunk.</param>
/// <param name="File">Its file.</param>
/// <param name="Number">Its position among the file's chunks, from 0.</param>
/// <param name="FileChunks">Chunks of the file.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="Wanted">Copies that the file asks for.</param>
/// <param name="Copies">Its copies in any state.</param>
public sealed record ChunkCopies(
    ChunkId Chunk, FileId File, int Number, int FileChunks, long Size, int Wanted, IReadOnlyList<ChunkCopyState> Copies)
{
    /// <summary>Copies that count: stored, on servers that are not removed and have not been silent for too long.</summary>
    public int Live => Copies.Count(copy => copy.IsLive);

    /// <summary>The servers of the ring, in the order in which they should hold this chunk: the placement first, then clockwise.</summary>
    public IEnumerable<ServerId> Preferences(HashRing ring)
    {
        var placed = Placement.Place(ring, File, FileChunks, Wanted).ServersOf(Number).ToArray();
        return placed.Concat(Placement.Candidates(ring, File, Number, copy: 0)).Distinct();
    }
}

/// <param name="Server">The server.</param>
/// <param name="Status">A name of <see cref="CopyStatus"/>.</param>
/// <param name="IsServerLive">
/// A value indicating whether the server is neither removed nor silent for longer than <see cref="LivenessOptions.After"/>.
/// </param>
public sealed record ChunkCopyState(ServerId Server, string Status, bool IsServerLive)
{
    /// <summary>Gets a value indicating whether the copy counts.</summary>
    public bool IsLive => IsServerLive && Status == CopyStatus.Stored;

    /// <summary>Gets a value indicating whether the copy is damaged or missing.</summary>
    public bool IsDamaged => Status is CopyStatus.Corrupt or CopyStatus.Missing;
}
