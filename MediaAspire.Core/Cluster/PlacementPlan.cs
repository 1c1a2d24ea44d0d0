using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Cluster;

/// <summary>Which servers the copies of a file's chunks go to.</summary>
public sealed class PlacementPlan
{
    private readonly ServerId[] _servers;

    internal PlacementPlan(ServerId[] servers, int chunks, int copies, int copiesWanted)
    {
        _servers = servers;
        Chunks = chunks;
        Copies = copies;
        CopiesWanted = copiesWanted;
    }

    public int Chunks { get; }

    /// <summary>
    /// Copies of each chunk that have a place: <see cref="CopiesWanted"/>, or the number of servers when there are fewer.
    /// </summary>
    public int Copies { get; }

    public int CopiesWanted { get; }

    /// <summary>Gets a value indicating whether there are fewer servers than wanted copies.</summary>
    public bool IsDegraded => Copies < CopiesWanted;

    /// <summary>The servers of one chunk's copies, distinct, the first copy first.</summary>
    public ReadOnlySpan<ServerId> ServersOf(int chunk)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)chunk, (uint)Chunks, nameof(chunk));
        return _servers.AsSpan(chunk * Copies, Copies);
    }
}
