using MediaAspire.Core.Cluster;
using MediaAspire.Core.Copies;
using MediaAspire.Core.Duties;
using MediaAspire.Core.Ids;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Worker.Repair;

/// <summary>Makes the missing copies of one chunk, and removes those that it does not need.</summary>
internal sealed class ChunkRepairer(
    CopyCatalog catalog,
    CopyLedger ledger,
    CopyMaker maker,
    EndangeredChunks endangered,
    ClusterView cluster,
    RepairMetrics metrics,
    NpgsqlDataSource database,
    IOptions<RepairOptions> options,
    TimeProvider time,
    ILogger<CopyThrottle> logger)
{
    // Servers tried for one copy in one attempt.
    private const int MostTargets = 3;

    private readonly CopyThrottle _throttle = new(database, DutyNames.Repair, options.Value.MaxBytesPerSecond, time, logger);

    /// <summary>
    /// Finishes the copies that dead workers began, then makes copies until the chunk has enough, in the place of damaged ones first.
    /// </summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="cancellationToken">Stops it in the middle.</param>
    /// <returns><see langword="true"/> when the chunk needs nothing more.</returns>
    public async Task<bool> RepairAsync(ChunkId chunk, CancellationToken cancellationToken)
    {
        // The first job of a process must not take an unread snapshot for an empty cluster.
        await cluster.GetAsync(cancellationToken);
        var isFinished = await FinishLeftAsync(chunk, cancellationToken);
        var tried = new HashSet<ServerId>();
        ChunkCopies? found;
        while ((found = await catalog.ReadAsync(chunk, cancellationToken)) is not null && found.Live < found.Wanted)
        {
            var target = TargetsOf(found).FirstOrDefault(server => !tried.Contains(server));
            if (target == default || tried.Count >= MostTargets * found.Wanted)
            {
                break;
            }

            tried.Add(target);
            if (await CopyAsync(found, target, cancellationToken)
                is CopyOutcome.Busy or CopyOutcome.NoSource or CopyOutcome.Gone or CopyOutcome.Lost)
            {
                break;
            }
        }

        metrics.Removed("damaged", await catalog.RemoveAsync(chunk, DamagedBesideEnough, cancellationToken));
        await endangered.AssessAsync([chunk], cancellationToken);
        return isFinished && (found is null || found.Live >= found.Wanted);
    }

    /// <summary>Requests the removal of the copies that placement wants least, as long as enough others can be read.</summary>
    public Task<int> TrimAsync(ChunkId chunk, CancellationToken cancellationToken) =>
        catalog.RemoveAsync(chunk, Surplus, cancellationToken);

    /// <returns><see langword="true"/> when no such copy is left.</returns>
    private async Task<bool> FinishLeftAsync(ChunkId chunk, CancellationToken cancellationToken)
    {
        var isFinished = true;
        foreach (var target in await ledger.FindLeftAsync(chunk, cancellationToken))
        {
            if (await catalog.ReadAsync(chunk, cancellationToken) is { } found)
            {
                isFinished &= await CopyAsync(found, target, cancellationToken) is not (
                    CopyOutcome.Busy or CopyOutcome.Lost or CopyOutcome.NoSource);
            }
        }

        return isFinished;
    }

    private async Task<CopyOutcome> CopyAsync(ChunkCopies chunk, ServerId target, CancellationToken cancellationToken)
    {
        await using var permit = await _throttle.BeginAsync(chunk.Size, cancellationToken);
        var result = await maker.MakeAsync(new(chunk.Chunk, target, permit.BytesPerSecond), cancellationToken);
        permit.Settle(result);
        metrics.Copied(result);
        return result.Outcome;
    }

    // A good copy in the same place is as good as one elsewhere, and the only one to be had with no more servers than copies.
    private IEnumerable<ServerId> TargetsOf(ChunkCopies chunk)
    {
        var snapshot = cluster.Current;
        return chunk.Copies.Where(copy => copy.IsDamaged).Select(copy => copy.Server)
            .Concat(chunk.Preferences(snapshot.Ring).Where(server => chunk.Copies.All(copy => copy.Server != server)))
            .Where(id => snapshot.TryGetServer(id, out var server)
                && server.Status == ServerStatus.Online && server.AvailableBytes >= chunk.Size)
            .OrderBy(cluster.IsSuspect);
    }

    private static List<ServerId> DamagedBesideEnough(ChunkCopies chunk) =>
        chunk.Live >= chunk.Wanted ? [.. chunk.Copies.Where(copy => copy.IsDamaged).Select(copy => copy.Server)] : [];

    /// <summary>
    /// Chooses the copies to remove: only on servers that answer now, and never so that fewer than wanted remain on such servers.
    /// </summary>
    private List<ServerId> Surplus(ChunkCopies chunk)
    {
        var snapshot = cluster.Current;
        var readable = chunk.Copies
            .Where(copy => copy.IsLive && snapshot.TryGetServer(copy.Server, out var server)
                && server.Status is ServerStatus.Online or ServerStatus.Draining && !cluster.IsSuspect(copy.Server))
            .Select(copy => copy.Server)
            .ToList();

        // A copy that is being moved is counted by its rebalance.
        if (readable.Count <= chunk.Wanted || chunk.Copies.Any(copy => copy.Status == CopyStatus.Copying))
        {
            return [];
        }

        // A server that drains is not on the ring, so its copies go first.
        var preferred = chunk.Preferences(snapshot.Ring).ToList();
        return [.. readable.OrderBy(server => (uint)preferred.IndexOf(server)).Skip(chunk.Wanted)];
    }
}
