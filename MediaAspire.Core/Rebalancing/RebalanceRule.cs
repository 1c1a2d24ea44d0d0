using MediaAspire.Core.Cluster;
using MediaAspire.Core.Copies;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Rebalancing;

/// <summary>Decides which copies move. Not thread-safe: it counts what it has planned so far.</summary>
/// <remarks>
/// <para>
/// Filling: a copy moves from a server where the placement does not want it to one where it does and that had clearly less than the
/// mean when planning began, as long as that server stays below the mean. Placement shifts some copies between the other servers too
/// when one joins (docs/adr/0003-placement.md); those stay where they are.
/// </para>
/// <para>
/// Draining: every copy of the server moves to the first server that should hold the chunk and has nothing of it.
/// </para>
/// </remarks>
public sealed class RebalanceRule
{
    // A server this close to the mean is not worth filling.
    private const double ClearlyLess = 0.9;

    private readonly ClusterSnapshot _cluster;
    private readonly HashRing _ring;
    private readonly ServerId? _drained;
    private readonly Dictionary<ServerId, Load> _loads;
    private readonly HashSet<ServerId> _receivers;
    private readonly double _mean;
    private (FileId File, PlacementPlan? Plan) _last;

    /// <param name="cluster">The cluster.</param>
    /// <param name="loads">Readable copies and their bytes by server; a server without copies may be missing.</param>
    /// <param name="drained">The server to empty; null to fill those that have less than the mean.</param>
    public RebalanceRule(ClusterSnapshot cluster, IEnumerable<(ServerId Server, long Copies, long Bytes)> loads, ServerId? drained)
    {
        _cluster = cluster;
        _drained = drained;
        _ring = drained is { } server ? cluster.Ring.Without(id => id == server) : cluster.Ring;
        _loads = loads.ToDictionary(load => load.Server, load => new Load(load.Copies, load.Bytes));
        foreach (var id in _ring.Servers)
        {
            _loads.TryAdd(id, new Load(0, 0));
        }

        var onRing = _ring.Servers.ToArray();
        _mean = onRing.Length == 0 ? 0 : onRing.Average(id => (double)_loads[id].Bytes);
        _receivers = [.. onRing.Where(id => _loads[id].Bytes < ClearlyLess * _mean)];
    }

    /// <summary>Gets the copies of each server now and after the moves planned so far.</summary>
    public IEnumerable<RebalanceShare> Shares => _loads.Select(load => new RebalanceShare(
        load.Key, load.Value.CopiesBefore, load.Value.BytesBefore, load.Value.Copies, load.Value.Bytes));

    /// <summary>Plans the move of one chunk's copy; null when no copy is to move.</summary>
    public RebalanceMove? Plan(ChunkCopies chunk)
    {
        // A damaged copy is left to repair, which comes before balance.
        if (chunk.Copies.Any(copy => copy.Status is CopyStatus.Copying or CopyStatus.Corrupt or CopyStatus.Missing))
        {
            return null;
        }

        if ((_drained is null ? Fill(chunk) : Empty(chunk, _drained.Value)) is not var (from, to))
        {
            return null;
        }

        _loads[from].Take(chunk.Size);
        _loads[to].Add(chunk.Size);
        return new(chunk.Chunk, from, to, chunk.Size);
    }

    private (ServerId From, ServerId To)? Fill(ChunkCopies chunk)
    {
        var wanted = PlacesOf(chunk);
        ServerId? to = wanted
            .Where(id => _receivers.Contains(id) && _loads[id].Bytes + chunk.Size <= _mean
                && HasNothingOf(chunk, id) && HasRoom(id, chunk.Size))
            .OrderBy(id => _loads[id].Bytes).Cast<ServerId?>().FirstOrDefault();
        ServerId? from = chunk.Copies
            .Where(copy => copy.Status == CopyStatus.Stored && !wanted.Contains(copy.Server)
                && IsOnline(copy.Server) && _loads.ContainsKey(copy.Server))
            .Select(copy => copy.Server)
            .OrderByDescending(id => _loads[id].Bytes).Cast<ServerId?>().FirstOrDefault();
        return to is { } target && from is { } source && _loads[source].Bytes > _loads[target].Bytes
            ? (source, target)
            : null;
    }

    private (ServerId From, ServerId To)? Empty(ChunkCopies chunk, ServerId from)
    {
        if (!_loads.ContainsKey(from) || !chunk.Copies.Any(copy => copy.Server == from && copy.Status == CopyStatus.Stored))
        {
            return null;
        }

        ServerId? to = PlacesOf(chunk).Concat(Placement.Candidates(_ring, chunk.File, chunk.Number, copy: 0))
            .Where(id => HasNothingOf(chunk, id) && HasRoom(id, chunk.Size)).Cast<ServerId?>().FirstOrDefault();
        return to is { } target ? (from, target) : null;
    }

    private ServerId[] PlacesOf(ChunkCopies chunk)
    {
        // Chunks come file by file, and a file is placed as a whole.
        if (_last.Plan is null || _last.File != chunk.File)
        {
            _last = (chunk.File, Placement.Place(_ring, chunk.File, chunk.FileChunks, chunk.Wanted));
        }

        return chunk.Number < _last.Plan.Chunks ? _last.Plan.ServersOf(chunk.Number).ToArray() : [];
    }

    private static bool HasNothingOf(ChunkCopies chunk, ServerId server) => chunk.Copies.All(copy => copy.Server != server);

    private bool HasRoom(ServerId id, long bytes) =>
        _cluster.TryGetServer(id, out var server) && server.AvailableBytes - (_loads[id].Bytes - _loads[id].BytesBefore) >= bytes;

    private bool IsOnline(ServerId id) => _cluster.TryGetServer(id, out var server) && server.Status == ServerStatus.Online;

    private sealed class Load(long copies, long bytes)
    {
        public long CopiesBefore { get; } = copies;

        public long BytesBefore { get; } = bytes;

        public long Copies { get; private set; } = copies;

        public long Bytes { get; private set; } = bytes;

        public void Add(long size) => (Copies, Bytes) = (Copies + 1, Bytes + size);

        public void Take(long size) => (Copies, Bytes) = (Copies - 1, Bytes - size);
    }
}
