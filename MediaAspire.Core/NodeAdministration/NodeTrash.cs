using MediaAspire.Core.Chunks;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Duties;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MediaAspire.Core.NodeAdministration;

/// <summary>An operator's operations on the trash of a node.</summary>
/// <remarks>Thread-safe. They work on the node's disk alone; the comparison of the disk with the rows admits what was restored.</remarks>
public sealed partial class NodeTrash(NpgsqlDataSource database, ChunkNodeClients nodes, ILogger<NodeTrash> logger)
{
    /// <summary>The most files of a trash that one call reads.</summary>
    public const int MostAtOnce = 10_000;

    private const int PageSize = 1000;

    /// <summary>Lists a page of a node's trash from the oldest file on.</summary>
    /// <exception cref="ChunkNodeException">The node failed, or <paramref name="after"/> is not a name of its trash.</exception>
    public async Task<IReadOnlyList<TrashedChunk>> ListAsync(
        ClusterServer node, string? after, int limit, CancellationToken cancellationToken)
    {
        var page = new List<TrashedChunk>();
        await foreach (var entry in nodes.Get(node).ListTrashAsync(after, limit, cancellationToken))
        {
            page.Add(entry);
        }

        return page;
    }

    /// <summary>Restores chunks from a node's trash, and starts a comparison of the disks with the rows.</summary>
    /// <param name="node">The node.</param>
    /// <param name="selection">The chunks.</param>
    /// <param name="after">The position to continue from; null to start.</param>
    /// <param name="cancellationToken">Ends the call; the chunks restored until then stay.</param>
    /// <exception cref="ChunkNodeException">The node failed, or <paramref name="after"/> is not a name of its trash.</exception>
    public async Task<TrashRestored> RestoreAsync(
        ClusterServer node, TrashSelection selection, string? after, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(selection);
        var outcome = new TrashRestored(0, 0, [], after);
        IReadOnlyList<TrashedChunk> page;
        var read = 0;
        do
        {
            page = await ListAsync(node, outcome.Next, PageSize, cancellationToken);
            foreach (var entry in page.Where(selection.Contains))
            {
                outcome = await RestoreAsync(node, entry, outcome, cancellationToken);
            }

            outcome = outcome with { Next = page.Count < PageSize ? null : page[^1].Name };
            read += page.Count;
        }
        while (outcome.Next is not null && read < MostAtOnce);

        LogRestored(outcome.Restored, node.Name, outcome.Damaged.Count);
        await WakeAsync(cancellationToken);
        return outcome;
    }

    /// <summary>Deletes the files of a node's trash for good.</summary>
    /// <param name="node">The node.</param>
    /// <param name="leastAge">The least time that a file has been there; zero for all.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The number and bytes of the deleted files.</returns>
    /// <exception cref="ChunkNodeException">The node failed, or refused because a restore of the database is open.</exception>
    public async Task<(long Chunks, long Bytes)> EmptyAsync(ClusterServer node, TimeSpan leastAge, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(node);
        var deleted = await nodes.Get(node).EmptyTrashAsync(leastAge, cancellationToken);
        LogEmptied(deleted.Chunks, deleted.Bytes, node.Name);
        return deleted;
    }

    private async Task<TrashRestored> RestoreAsync(
        ClusterServer node, TrashedChunk entry, TrashRestored outcome, CancellationToken cancellationToken)
    {
        try
        {
            return await nodes.Get(node).RestoreFromTrashAsync(entry.Name, cancellationToken)
                ? outcome with { Restored = outcome.Restored + 1 }
                : outcome with { AlreadyThere = outcome.AlreadyThere + 1 };
        }
        catch (ChunkNodeException failure) when (failure.Error == ChunkNodeError.Corrupt)
        {
            return outcome with { Damaged = [.. outcome.Damaged, entry.Chunk] };
        }
        catch (ChunkNodeException failure) when (failure.Error == ChunkNodeError.NotFound)
        {
            // Another call restored it, or its retention was over.
            return outcome;
        }
    }

    private async Task WakeAsync(CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(DutySignals.Wake(DutyNames.Orphans));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(LogLevel.Warning, "An operator restored {Chunks} chunks from the trash of node {Node}; {Damaged} are damaged")]
    private partial void LogRestored(long chunks, string node, int damaged);

    [LoggerMessage(LogLevel.Warning, "An operator deleted {Chunks} chunks, {Bytes} bytes, from the trash of node {Node}")]
    private partial void LogEmptied(long chunks, long bytes, string node);
}
