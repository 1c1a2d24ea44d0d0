using System.Collections.Concurrent;
using MediaAspire.Core.Ids;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Cluster;

/// <summary>This process's picture of the cluster: the last snapshot, and which servers it could not reach lately.</summary>
/// <remarks>Thread-safe. Reads cost nothing; <see cref="ClusterViewRefresher"/> keeps the snapshot fresh.</remarks>
public sealed class ClusterView(NodeRegistry registry, ClusterMetrics metrics, IOptions<ClusterOptions> options, TimeProvider time)
{
    private readonly ConcurrentDictionary<ServerId, long> _suspectSince = new();
    private readonly ConcurrentDictionary<ServerId, long> _fullSince = new();
    private ClusterSnapshot? _snapshot;

    /// <summary>The last snapshot; empty before the first was read.</summary>
    public ClusterSnapshot Current => Volatile.Read(ref _snapshot) ?? ClusterSnapshot.Empty;

    /// <summary>Gets a value indicating whether a snapshot has been read since the process started.</summary>
    public bool IsLoaded => Volatile.Read(ref _snapshot) is not null;

    /// <summary>Gets the last snapshot, or reads the first one from the database.</summary>
    /// <exception cref="Npgsql.NpgsqlException">No snapshot has been read yet, and the database did not answer.</exception>
    public ValueTask<ClusterSnapshot> GetAsync(CancellationToken cancellationToken) =>
        Volatile.Read(ref _snapshot) is { } snapshot ? ValueTask.FromResult(snapshot) : new(RefreshAsync(cancellationToken));

    /// <summary>Reads the cluster again.</summary>
    /// <exception cref="Npgsql.NpgsqlException">The database did not answer; the old snapshot stays.</exception>
    public async Task<ClusterSnapshot> RefreshAsync(CancellationToken cancellationToken)
    {
        var snapshot = await registry.ReadAsync(cancellationToken);
        Show(snapshot);
        return snapshot;
    }

    /// <summary>Makes a snapshot the current one.</summary>
    internal void Show(ClusterSnapshot snapshot)
    {
        var previous = Current;
        Volatile.Write(ref _snapshot, snapshot);
        metrics.Observe(snapshot);

        // A server at another address was restarted: reports about the old process no longer count.
        foreach (var suspect in _suspectSince.Keys)
        {
            if (snapshot.TryGetServer(suspect, out var now)
                && previous.TryGetServer(suspect, out var before)
                && now.Address != before.Address)
            {
                ReportReachable(suspect);
            }
        }
    }

    /// <summary>The ring for a new file: without the suspects and the full, as long as enough servers for all copies remain.</summary>
    /// <param name="copies">Copies wanted of each chunk.</param>
    /// <param name="chunkBytes">Bytes of one chunk; a server that reported less room counts as full.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <remarks>
    /// A suspect is taken before a full server: it may be back, and the other would refuse. With too few of either the whole ring is
    /// returned, because reports are some seconds old and the nodes themselves decide.
    /// </remarks>
    public async ValueTask<HashRing> GetRingAsync(int copies, long chunkBytes, CancellationToken cancellationToken)
    {
        var snapshot = await GetAsync(cancellationToken);
        var ring = snapshot.Ring;
        var enough = Math.Min(copies, ring.Servers.Length);
        var roomy = Without(ring, server => IsFull(server, snapshot, chunkBytes));
        if (roomy.Servers.Length < enough)
        {
            var reachable = Without(ring, IsSuspect);
            return reachable.Servers.Length >= enough ? reachable : ring;
        }

        var best = Without(roomy, IsSuspect);
        return best.Servers.Length >= enough ? best : roomy;
    }

    /// <summary>The ring for chunks of unknown size.</summary>
    public ValueTask<HashRing> GetRingAsync(int copies, CancellationToken cancellationToken) =>
        GetRingAsync(copies, chunkBytes: 0, cancellationToken);

    /// <summary>Records that a server refused a chunk because it is full, so that others are chosen for a while.</summary>
    public void ReportFull(ServerId server) => _fullSince[server] = time.GetTimestamp();

    /// <summary>Records that this process could not reach a server, so that others are tried before it for a while.</summary>
    public void ReportUnreachable(ServerId server)
    {
        _suspectSince[server] = time.GetTimestamp();
        metrics.CountUnreachable();
    }

    /// <summary>Tells that a server answered.</summary>
    public void ReportReachable(ServerId server)
    {
        if (!_suspectSince.IsEmpty)
        {
            _suspectSince.TryRemove(server, out _);
        }
    }

    /// <summary>Finds out whether a server was reported unreachable within <see cref="ClusterOptions.SuspectFor"/>.</summary>
    public bool IsSuspect(ServerId server) => IsRecent(_suspectSince, server);

    private bool IsFull(ServerId server, ClusterSnapshot snapshot, long chunkBytes) =>
        IsRecent(_fullSince, server) || (snapshot.TryGetServer(server, out var known) && known.IsTooFullFor(chunkBytes));

    private bool IsRecent(ConcurrentDictionary<ServerId, long> reports, ServerId server)
    {
        if (!reports.TryGetValue(server, out var since))
        {
            return false;
        }

        if (time.GetElapsedTime(since) < options.Value.SuspectFor)
        {
            return true;
        }

        reports.TryRemove(KeyValuePair.Create(server, since));
        return false;
    }

    // A ring costs thousands of points to make, and mostly no server is left out.
    private static HashRing Without(HashRing ring, Predicate<ServerId> leftOut)
    {
        foreach (var server in ring.Servers)
        {
            if (leftOut(server))
            {
                return ring.Without(leftOut);
            }
        }

        return ring;
    }
}
