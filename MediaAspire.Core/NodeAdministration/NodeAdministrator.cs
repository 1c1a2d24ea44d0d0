using MediaAspire.Core.Cluster;
using MediaAspire.Core.Copies;
using MediaAspire.Core.Duties;
using MediaAspire.Core.Ids;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Core.NodeAdministration;

/// <summary>The operations of an operator on a node: drain, undrain, remove, readmit.</summary>
/// <remarks>
/// <para>
/// <c>online</c> and <c>offline</c> follow the heartbeats; <c>draining</c> and <c>removed</c> are an operator's word and stay until
/// taken back: online or offline ⇄ draining → removed → readmitted as offline, and online with the node's next report.
/// </para>
/// <para>Thread-safe and idempotent. Every change is one transaction that announces itself and wakes the duties that follow it.</para>
/// </remarks>
public sealed partial class NodeAdministrator(
    NpgsqlDataSource database, IOptions<ClusterOptions> options, ILogger<NodeAdministrator> logger)
{
    /// <summary>Drains a node: it gets no new chunks, and the rebalance duty empties it. An offline node may be drained, too.</summary>
    /// <exception cref="NpgsqlException">The database did not answer, or refused.</exception>
    public async Task<NodeChange> DrainAsync(ServerId server, CancellationToken cancellationToken)
    {
        await using var change = await BeginAsync(server, cancellationToken);
        switch (change.Status)
        {
            case null:
                return new(NodeChangeOutcome.NotFound, null);
            case ServerStatus.Removed:
                return new(NodeChangeOutcome.IsRemoved, ServerStatus.Removed);
            case ServerStatus.Online or ServerStatus.Offline:
                await change.CommitAsync(ServerStatus.Draining, [DutyNames.Rebalance], cancellationToken);
                LogChanged(server, ServerStatus.Draining);
                break;
        }

        return new(NodeChangeOutcome.Done, ServerStatus.Draining);
    }

    /// <summary>Cancels a drain. Copies that have moved stay where they are until the next rebalance.</summary>
    /// <exception cref="NpgsqlException">The database did not answer, or refused.</exception>
    public async Task<NodeChange> UndrainAsync(ServerId server, CancellationToken cancellationToken)
    {
        await using var change = await BeginAsync(server, cancellationToken);
        switch (change.Status)
        {
            case null:
                return new(NodeChangeOutcome.NotFound, null);
            case ServerStatus.Removed:
                return new(NodeChangeOutcome.IsRemoved, ServerStatus.Removed);
            case ServerStatus.Draining:
                var status = change.IsReporting ? ServerStatus.Online : ServerStatus.Offline;
                await change.CommitAsync(status, [DutyNames.Rebalance], cancellationToken);
                LogChanged(server, status);
                return new(NodeChangeOutcome.Done, status);
            default:
                return new(NodeChangeOutcome.Done, change.Status);
        }
    }

    /// <summary>Removes a node from the cluster and the ring, even if its process still runs.</summary>
    /// <param name="server">The node.</param>
    /// <param name="force">
    /// Whether to discard the copies on it, because it is lost. A node that still reports is refused: it can be drained.
    /// </param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="NpgsqlException">The database did not answer, or refused.</exception>
    public async Task<NodeChange> RemoveAsync(ServerId server, bool force, CancellationToken cancellationToken)
    {
        await using var change = await BeginAsync(server, cancellationToken);
        switch (change.Status)
        {
            case null:
                return new(NodeChangeOutcome.NotFound, null);
            case ServerStatus.Removed:
                return new(NodeChangeOutcome.Done, ServerStatus.Removed);
            case ServerStatus.Online when change.IsReporting:
                return new(NodeChangeOutcome.IsOnline, change.Status, IsReporting: true);
        }

        var (copies, lastCopies) = await CountAsync(change, server, cancellationToken);
        if (copies > 0 && (!force || change.IsReporting))
        {
            return new(NodeChangeOutcome.HasCopies, change.Status, copies, lastCopies, change.IsReporting);
        }

        change.Add(CopyRemovals.ForgetServer(server));
        change.Add(new("DELETE FROM hash_ring_nodes WHERE server_id = $1") { Parameters = { new() { Value = server.Value } } });
        await change.CommitAsync(
            ServerStatus.Removed, copies > 0 ? [DutyNames.Integrity, DutyNames.Repair] : [DutyNames.Integrity], cancellationToken);
        LogRemoved(server, copies, lastCopies);
        return new(NodeChangeOutcome.Done, ServerStatus.Removed, copies, lastCopies);
    }

    /// <summary>Readmits a removed node: it is offline now, and online and on the ring with its next report.</summary>
    /// <remarks>It starts without copies. Chunks that are still on its disk have no row, and are collected as orphans.</remarks>
    /// <exception cref="NpgsqlException">The database did not answer, or refused.</exception>
    public async Task<NodeChange> ReadmitAsync(ServerId server, CancellationToken cancellationToken)
    {
        await using var change = await BeginAsync(server, cancellationToken);
        if (change.Status is not ServerStatus.Removed)
        {
            return new(change.Status is null ? NodeChangeOutcome.NotFound : NodeChangeOutcome.Done, change.Status);
        }

        change.Add(CopyRemovals.ForgetReadmitted(server));
        await change.CommitAsync(ServerStatus.Offline, [], cancellationToken);
        LogChanged(server, ServerStatus.Offline);
        return new(NodeChangeOutcome.Done, ServerStatus.Offline);
    }

    /// <summary>Counts the copies on a node by their state; reads one row a copy.</summary>
    /// <exception cref="NpgsqlException">The database did not answer, or refused.</exception>
    public async Task<IReadOnlyDictionary<string, long>> CountCopiesAsync(ServerId server, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT status, count(*) FROM chunk_replicas WHERE server_id = $1 GROUP BY status ORDER BY status");
        command.Parameters.Add(new() { Value = server.Value });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            counts.Add(reader.GetString(0), reader.GetInt64(1));
        }

        return counts;
    }

    private async Task<NodeTransaction> BeginAsync(ServerId server, CancellationToken cancellationToken) =>
        await NodeTransaction.BeginAsync(database, server, options.Value.OfflineAfter, cancellationToken);

    private static async Task<(long Copies, long LastCopies)> CountAsync(
        NodeTransaction change, ServerId server, CancellationToken cancellationToken)
    {
        await using var reader = await change.ReadAsync(
            """
            SELECT count(*), count(*) FILTER (WHERE r.status = 'stored' AND f.upload_status = 'completed' AND NOT EXISTS (
                SELECT FROM chunk_replicas o JOIN storage_servers s USING (server_id)
                WHERE o.chunk_id = r.chunk_id AND o.server_id <> r.server_id AND o.status = 'stored' AND s.status <> 'removed'))
            FROM chunk_replicas r JOIN chunks c USING (chunk_id) JOIN files f USING (file_id)
            WHERE r.server_id = $1
            """,
            server.Value,
            cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    [LoggerMessage(LogLevel.Information, "An operator set node {ServerId} to {Status}")]
    private partial void LogChanged(ServerId serverId, ServerStatus status);

    [LoggerMessage(
        LogLevel.Warning, "An operator removed node {ServerId} with {Copies} copies, {LastCopies} of them the last of their chunk")]
    private partial void LogRemoved(ServerId serverId, long copies, long lastCopies);
}
