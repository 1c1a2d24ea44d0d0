using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Chunks;

/// <summary>The servers for the copies of one chunk: those of the plan first, then the next ones clockwise on the ring.</summary>
/// <remarks>
/// Returns every server at most once, so no two copies of the chunk are placed on the same one. Not safe for concurrent use.
/// </remarks>
public sealed class ChunkPlacement
{
    private readonly List<ClusterServer> _taken = [];
    private readonly IEnumerator<ClusterServer> _servers;

    /// <param name="chunk">The chunk's id.</param>
    /// <param name="file">The file that the chunk belongs to.</param>
    /// <param name="expectedSize">The chunk's size in bytes; <see langword="null"/> when it is unknown.</param>
    /// <param name="planned">The servers that the placement chose, first choice first.</param>
    /// <param name="successors">The servers clockwise after them; those of the plan may be among them.</param>
    public ChunkPlacement(
        ChunkId chunk, FileId file, long? expectedSize, IReadOnlyList<ClusterServer> planned, IEnumerable<ClusterServer> successors)
    {
        Chunk = chunk;
        File = file;
        ExpectedSize = expectedSize;
        Planned = [.. planned.Select(server => server.Id)];
        _servers = planned.Concat(successors).DistinctBy(server => server.Id).GetEnumerator();
    }

    public ChunkId Chunk { get; }

    public FileId File { get; }

    public long? ExpectedSize { get; }

    /// <summary>Gets the servers of the plan, first choice first.</summary>
    public IReadOnlyList<ServerId> Planned { get; }

    /// <summary>Gets every server taken so far.</summary>
    public IReadOnlyCollection<ClusterServer> Taken => _taken;

    public bool IsPlanned(ServerId server) => Planned.Contains(server);

    /// <summary>Takes the next server.</summary>
    /// <returns>The server; <see langword="null"/> when all have been taken.</returns>
    public ClusterServer? TakeNext()
    {
        if (!_servers.MoveNext())
        {
            return null;
        }

        _taken.Add(_servers.Current);
        return _servers.Current;
    }
}
