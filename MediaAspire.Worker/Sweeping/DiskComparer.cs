using MediaAspire.Core.Chunks;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Copies;
using MediaAspire.Core.Ids;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Sweeping;

/// <summary>Compares one server's disk with the rows.</summary>
/// <remarks>
/// Holds the ids of every chunk of that server, about 40 bytes each. The server's listing and the rows are read at different times, so
/// nothing is concluded from their difference alone: the server is asked about the very chunk again.
/// </remarks>
internal sealed partial class DiskComparer(
    DiskFindings findings,
    EndangeredChunks endangered,
    ChunkNodeClients nodes,
    SweepingMetrics metrics,
    IOptions<SweepingOptions> options,
    TimeProvider time,
    ILogger<DiskComparer> logger)
{
    // With fewer chunk files than this, a share means nothing.
    private const int SmallDisk = 100;

    /// <returns>The number of chunk files that were listed.</returns>
    /// <exception cref="ChunkNodeException">The server failed; the findings until then stay recorded.</exception>
    public async Task<long> CompareAsync(ClusterServer server, CancellationToken cancellationToken)
    {
        var timer = time.GetTimestamp();
        var startedAt = await findings.NowAsync(cancellationToken);
        var disk = await ListAsync(server, cancellationToken);
        await findings.ForgetAsync(server.Id, disk.Untracked, disk.Damaged, cancellationToken);
        var lost = await FindLostAsync(server, startedAt, disk.Sealed, cancellationToken);
        var removed = MayRemove(server, disk) ? await RemoveOrphansAsync(server, cancellationToken) : 0;
        await findings.EndAsync(server.Id, startedAt, disk.Files, cancellationToken);

        metrics.Compared(time.GetElapsedTime(timer));
        LogCompared(server.Name, disk.Files, disk.Untracked.Count, disk.Damaged.Count, lost, removed);
        return disk.Files;
    }

    private async Task<Disk> ListAsync(ClusterServer server, CancellationToken cancellationToken)
    {
        var disk = new Disk();
        var page = new List<ListedChunk>();
        await foreach (var file in nodes.Get(server).ListFilesAsync(cancellationToken))
        {
            disk.Add(file);
            page.Add(file);
            if (page.Count == options.Value.PageSize)
            {
                await ComparePageAsync(server, page, disk, cancellationToken);
                page.Clear();
            }
        }

        await ComparePageAsync(server, page, disk, cancellationToken);
        return disk;
    }

    private async Task ComparePageAsync(ClusterServer server, List<ListedChunk> page, Disk disk, CancellationToken cancellationToken)
    {
        await findings.RecordDamagedAsync(server.Id, [.. page.Where(file => file.IsDamaged)], cancellationToken);
        disk.IsKnown = disk.IsKnown || await findings.KnowsAnyAsync(page, cancellationToken);

        // Young files are left out, to allow for a wrong clock and a slow commit.
        var old = page.Where(file => file.Age >= options.Value.OrphanGrace).ToDictionary(file => file.Chunk);
        var untracked = new List<ListedChunk>();
        foreach (var chunk in await findings.FindUnknownAsync(server.Id, old.Keys, cancellationToken))
        {
            // Removal unlinks before it forgets: a file that is there now, after no row was found, is not about to be removed.
            if (await ProbeAsync(server, chunk, cancellationToken) != CopyOnDisk.Gone)
            {
                untracked.Add(old[chunk]);
                disk.Untracked.Add(chunk);
            }
        }

        await findings.RecordUntrackedAsync(server.Id, untracked, cancellationToken);
    }

    /// <summary>Finds rows of copies that the server does not have, or has damaged.</summary>
    private async Task<long> FindLostAsync(
        ClusterServer server, DateTimeOffset startedAt, HashSet<ChunkId> onDisk, CancellationToken cancellationToken)
    {
        var lost = 0L;
        var after = default(ChunkId);
        List<ChunkId> page;
        do
        {
            page = await findings.ReadStoredAsync(server.Id, startedAt, after, cancellationToken);
            if (page.Count > 0)
            {
                after = page[^1];
            }

            var changed = new List<ChunkId>();
            foreach (var chunk in page.Where(chunk => !onDisk.Contains(chunk)))
            {
                var found = await ProbeAsync(server, chunk, cancellationToken);
                if (found != CopyOnDisk.Whole && await findings.MarkAsync(server.Id, chunk, found, cancellationToken))
                {
                    LogLost(chunk, server.Name, found);
                    changed.Add(chunk);
                }
            }

            await endangered.AssessAsync(changed, cancellationToken);
            lost += changed.Count;
        }
        while (page.Count == options.Value.PageSize);

        return lost;
    }

    /// <summary>
    /// Decides whether unknown chunks can be orphans, by their share. A database that was restored or replaced knows few or none.
    /// </summary>
    private bool MayRemove(ClusterServer server, Disk disk)
    {
        if (disk.Untracked.Count > 0 && !disk.IsKnown)
        {
            metrics.CountWithheld(WithheldReason.UnknownDisk, disk.Untracked.Count);
            LogUnknownDisk(server.Name, disk.Files, server.Cluster);
            return false;
        }

        if (disk.Files <= SmallDisk || disk.Untracked.Count <= disk.Files * options.Value.MaxOrphanShare)
        {
            return true;
        }

        metrics.CountWithheld(WithheldReason.Share, disk.Untracked.Count);
        LogTooMany(server.Name, disk.Untracked.Count, disk.Files, options.Value.MaxOrphanShare);
        return false;
    }

    /// <summary>Deletes what has been known as untracked for the grace and still is.</summary>
    private async Task<long> RemoveOrphansAsync(ClusterServer server, CancellationToken cancellationToken)
    {
        var handed = await findings.HandToRemovalAsync(server, cancellationToken);
        var removed = 0L;
        foreach (var chunk in await findings.FindForeignAsync(server, cancellationToken))
        {
            await nodes.Get(server).DeleteAsync(chunk, cancellationToken);
            await findings.ForgetUntrackedAsync(server.Id, chunk, cancellationToken);
            LogRemoved(chunk, server.Name);
            removed++;
        }

        metrics.CountOrphans(handed + removed);
        return handed + removed;
    }

    private async Task<CopyOnDisk> ProbeAsync(ClusterServer server, ChunkId chunk, CancellationToken cancellationToken)
    {
        try
        {
            return await nodes.Get(server).StatAsync(chunk, cancellationToken) is null ? CopyOnDisk.Gone : CopyOnDisk.Whole;
        }
        catch (ChunkNodeException failure) when (failure.Error == ChunkNodeError.Corrupt)
        {
            return CopyOnDisk.Damaged;
        }
    }

    /// <summary>The results of one listing of a server.</summary>
    private sealed class Disk
    {
        public long Files { get; private set; }

        /// <summary>Gets or sets a value indicating whether the database knows any of the chunks.</summary>
        public bool IsKnown { get; set; }

        public HashSet<ChunkId> Sealed { get; } = [];

        public List<ChunkId> Damaged { get; } = [];

        public List<ChunkId> Untracked { get; } = [];

        public void Add(ListedChunk file)
        {
            Files++;
            if (file.IsDamaged)
            {
                Damaged.Add(file.Chunk);
            }
            else
            {
                Sealed.Add(file.Chunk);
            }
        }
    }

    [LoggerMessage(LogLevel.Information,
        "Server {Server} holds {Files} chunk files, {Untracked} of them untracked and {Damaged} damaged; "
        + "{Lost} copies are missing or damaged; {Removed} orphans are removed")]
    private partial void LogCompared(string server, long files, int untracked, int damaged, long lost, long removed);

    [LoggerMessage(LogLevel.Error,
        "The database does not know {Untracked} of the {Files} chunk files of server {Server}, more than the share of {Share} "
        + "that may be deleted. Nothing is deleted; check that this is the right database")]
    private partial void LogTooMany(string server, int untracked, long files, double share);

    [LoggerMessage(LogLevel.Error,
        "The database of cluster {ClusterId} knows none of the {Files} chunk files of server {Server}. "
        + "Nothing is deleted there until the server holds a chunk that the database knows; check that this is the right database")]
    private partial void LogUnknownDisk(string server, long files, ClusterId? clusterId);

    [LoggerMessage(LogLevel.Error, "The stored copy of chunk {Chunk} on server {Server} is {State}")]
    private partial void LogLost(ChunkId chunk, string server, CopyOnDisk state);

    [LoggerMessage(LogLevel.Trace, "Deleted orphan chunk {Chunk} on server {Server}")]
    private partial void LogRemoved(ChunkId chunk, string server);
}

/// <summary>The state of a chunk as its server reports it.</summary>
internal enum CopyOnDisk
{
    Whole,
    Gone,
    Damaged,
}
