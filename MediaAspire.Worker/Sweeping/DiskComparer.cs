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
    DatabaseRestores restores,
    SweepingMetrics metrics,
    IOptions<SweepingOptions> options,
    TimeProvider time,
    ILogger<DiskComparer> logger)
{
    /// <returns>The number of chunk files that were listed.</returns>
    /// <exception cref="ChunkNodeException">The server failed; the findings until then stay recorded.</exception>
    public async Task<long> CompareAsync(ClusterServer server, CancellationToken cancellationToken)
    {
        var timer = time.GetTimestamp();
        var startedAt = await findings.NowAsync(cancellationToken);
        var disk = await ListAsync(server, cancellationToken);
        await findings.ForgetAsync(server.Id, disk.Untracked, disk.Damaged, cancellationToken);
        var lost = await FindLostAsync(server, startedAt, disk.Sealed, cancellationToken);
        var removed = await MayRemoveAsync(server, disk, cancellationToken) ? await RemoveOrphansAsync(server, cancellationToken) : 0;
        await findings.EndAsync(server.Id, startedAt, disk.Files, cancellationToken);

        metrics.Compared(time.GetElapsedTime(timer));
        LogCompared(server.Name, disk.Files, disk.Untracked.Count, disk.Damaged.Count, lost, disk.Admitted, removed);
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
        await AdmitAsync(server, page, disk, cancellationToken);
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

    /// <summary>Admits copies that their chunks lack, once the server has read them back in full.</summary>
    private async Task AdmitAsync(
        ClusterServer server, List<ListedChunk> page, Disk disk, CancellationToken cancellationToken)
    {
        // Young files too: a copy that is being made has a row in another state, and an upload's file is not complete.
        var whole = page.Where(file => !file.IsDamaged).ToDictionary(file => file.Chunk);
        var admitted = new List<ChunkId>();
        foreach (var chunk in await findings.FindAdmissibleAsync(server.Id, whole.Keys, cancellationToken))
        {
            var node = nodes.Get(server);
            if (await VerifyAsync(node, chunk, cancellationToken) is { } found
                && await findings.AdmitAsync(server.Id, found, cancellationToken))
            {
                LogAdmitted(chunk, server.Name);
                admitted.Add(chunk);
            }
        }

        disk.Admitted += admitted.Count;
        await endangered.AssessAsync(admitted, cancellationToken);
    }

    /// <summary>Has the server read a chunk back; null when it is gone or damaged.</summary>
    private static async Task<ChunkInfo?> VerifyAsync(ChunkNodeClient node, ChunkId chunk, CancellationToken cancellationToken)
    {
        try
        {
            return (await node.VerifyAsync(chunk, cancellationToken)).IsIntact ? await node.StatAsync(chunk, cancellationToken) : null;
        }
        catch (ChunkNodeException failure) when (failure.Error is ChunkNodeError.Corrupt or ChunkNodeError.NotFound)
        {
            return null;
        }
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
    /// Decides whether unknown chunks can be orphans. A database that was replaced knows none, and one that was restored only older ones.
    /// </summary>
    private async Task<bool> MayRemoveAsync(ClusterServer server, Disk disk, CancellationToken cancellationToken)
    {
        if (disk.Untracked.Count > 0 && await restores.IsOpenAsync(cancellationToken))
        {
            metrics.CountWithheld(WithheldReason.Restored, disk.Untracked.Count);
            LogRestored(server.Name, disk.Untracked.Count);
            return false;
        }

        if (disk.Untracked.Count > 0 && !disk.IsKnown)
        {
            metrics.CountWithheld(WithheldReason.UnknownDisk, disk.Untracked.Count);
            LogUnknownDisk(server.Name, disk.Files, server.Cluster);
            return false;
        }

        if (disk.Untracked.Count <= disk.Files * options.Value.MaxOrphanShare
            || await findings.IsPermittedAsync(server.Id, disk.Untracked.Count, cancellationToken))
        {
            return true;
        }

        metrics.CountWithheld(WithheldReason.Share, disk.Untracked.Count);
        LogTooMany(server.Name, disk.Untracked.Count, disk.Files, options.Value.MaxOrphanShare);
        return false;
    }

    /// <summary>Collects what has been known as untracked for the grace and still is.</summary>
    private async Task<long> RemoveOrphansAsync(ClusterServer server, CancellationToken cancellationToken)
    {
        var handed = await findings.HandToRemovalAsync(server, cancellationToken);
        var removed = 0L;
        var (foreign, decidedAt) = await findings.FindForeignAsync(server, cancellationToken);
        foreach (var chunk in foreign)
        {
            await nodes.Get(server).MoveToTrashAsync(chunk, isUnknown: true, decidedAt, cancellationToken);
            await findings.ForgetUntrackedAsync(server.Id, chunk, cancellationToken);
            LogRemoved(chunk, server.Name);
            removed++;
        }

        if (handed + removed > 0)
        {
            await findings.EndPermitAsync(server.Id, cancellationToken);
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

        /// <summary>Gets or sets the number of copies that were admitted.</summary>
        public int Admitted { get; set; }

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
        + "{Lost} copies are missing or damaged, {Admitted} were found again; {Removed} orphans are removed")]
    private partial void LogCompared(string server, long files, int untracked, int damaged, long lost, int admitted, long removed);

    [LoggerMessage(LogLevel.Error,
        "The database does not know {Untracked} of the {Files} chunk files of server {Server}, more than the share of {Share} "
        + "that may be collected. Nothing is collected. Check that this is the right database; if the chunks are leftovers of aborted "
        + "uploads, send POST /admin/nodes/{Server}/collect-unknown")]
    private partial void LogTooMany(string server, int untracked, long files, double share);

    [LoggerMessage(LogLevel.Warning,
        "{Untracked} chunk files of server {Server} are unknown and are kept, because the database was restored from a backup. "
        + "GET /admin/cluster explains it")]
    private partial void LogRestored(string server, int untracked);

    [LoggerMessage(LogLevel.Information, "The copy of chunk {Chunk} on server {Server} was found again, and is intact")]
    private partial void LogAdmitted(ChunkId chunk, string server);

    [LoggerMessage(LogLevel.Error,
        "The database of cluster {ClusterId} knows none of the {Files} chunk files of server {Server}. "
        + "Nothing is deleted there until the server holds a chunk that the database knows; check that this is the right database")]
    private partial void LogUnknownDisk(string server, long files, ClusterId? clusterId);

    [LoggerMessage(LogLevel.Error, "The stored copy of chunk {Chunk} on server {Server} is {State}")]
    private partial void LogLost(ChunkId chunk, string server, CopyOnDisk state);

    [LoggerMessage(LogLevel.Trace, "Moved orphan chunk {Chunk} to the trash of server {Server}")]
    private partial void LogRemoved(ChunkId chunk, string server);
}

/// <summary>The state of a chunk as its server reports it.</summary>
internal enum CopyOnDisk
{
    Whole,
    Gone,
    Damaged,
}
