using System.Data.Common;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Chunks;

/// <summary>A lookup of the current copies of a chunk.</summary>
public interface IChunkLocator
{
    /// <summary>Finds the servers that hold copies of a chunk.</summary>
    /// <exception cref="DbException">The catalog does not answer.</exception>
    Task<LocatedCopies> LocateAsync(ChunkId chunk, CancellationToken cancellationToken);
}

/// <summary>The servers that hold copies of a chunk.</summary>
/// <param name="Stored">The servers with no known damage to their copy.</param>
/// <param name="Corrupt">The servers whose copy was found damaged; most of its blocks may be good.</param>
public sealed record LocatedCopies(IReadOnlyList<ServerId> Stored, IReadOnlyList<ServerId> Corrupt);
