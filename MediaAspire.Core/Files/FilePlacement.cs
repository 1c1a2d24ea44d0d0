using MediaAspire.Core.Chunks;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Files;

/// <summary>The placement of one file's chunks, over the cluster at the start of the upload.</summary>
internal sealed class FilePlacement
{
    private readonly FileId _file;
    private readonly ClusterSnapshot _cluster;
    private readonly HashRing _ring;
    private readonly PlacementPlan? _plan;
    private readonly Placement? _incremental;

    /// <param name="file">The file, whose id determines the servers.</param>
    /// <param name="cluster">The servers' addresses.</param>
    /// <param name="ring">The servers that may be chosen.</param>
    /// <param name="chunks">The number of chunks; <see langword="null"/> when it is unknown.</param>
    /// <param name="copies">The number of copies wanted of each chunk.</param>
    public FilePlacement(FileId file, ClusterSnapshot cluster, HashRing ring, int? chunks, int copies)
    {
        _file = file;
        _cluster = cluster;
        _ring = ring;
        if (chunks is { } known)
        {
            _plan = Placement.Place(ring, file, known, copies);
        }
        else
        {
            _incremental = Placement.Start(ring, file, copies);
        }
    }

    /// <summary>Places the next chunk; called for 0, 1, 2, … in turn.</summary>
    public ChunkPlacement Place(ChunkId chunk, int number, long? expectedSize)
    {
        var planned = _plan is not null ? _plan.ServersOf(number) : _incremental!.Next();

        return new ChunkPlacement(
            chunk, _file, expectedSize, Resolve([.. planned]), Resolve(Placement.Candidates(_ring, _file, number, copy: 0)));
    }

    private List<ClusterServer> Resolve(IEnumerable<ServerId> ids)
    {
        var servers = new List<ClusterServer>();
        foreach (var id in ids)
        {
            if (_cluster.TryGetServer(id, out var server))
            {
                servers.Add(server);
            }
        }

        return servers;
    }
}
