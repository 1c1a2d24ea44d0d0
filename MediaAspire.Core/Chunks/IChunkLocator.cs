using System.Data.Common;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Chunks;

/// <summary>Knows where the copies of a chunk are now.</summary>
public interface IChunkLocator
{
    /// <exception cref="DbException">The catalog does not answer.</exception>
    Task<LocatedCopies> LocateAsync(ChunkId chunk, CancellationToken cancellationToken);
}

/// <param name="Stored">Servers whose copy is whole, as far as anybody knows.</param>
/// <param name="Corrupt">Servers whose copy was found damaged; most of its blocks may be good.</param>
public sealed record LocatedCopies(IReadOnlyList<ServerId> Stored, IReadOnlyList<ServerId> Corrupt);
