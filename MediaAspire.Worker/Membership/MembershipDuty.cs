using MediaAspire.Core.Cluster;
using MediaAspire.Core.Copies;
using MediaAspire.Core.Duties;
using MediaAspire.Core.Ids;
using MediaAspire.Worker.Duties;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Worker.Membership;

/// <summary>Marks servers offline whose heartbeats stopped, and notifies the cluster and the duties that depend on it.</summary>
/// <remarks>A server's own report makes it online again.</remarks>
internal sealed partial class MembershipDuty(
    NpgsqlDataSource database,
    NodeRegistry registry,
    MembershipMetrics metrics,
    IOptions<MembershipOptions> options,
    IOptions<ClusterOptions> cluster,
    ILogger<MembershipDuty> logger) : IDuty
{
    private Dictionary<ServerId, ClusterServer> _before = [];

    public string Name => DutyNames.Membership;

    public TimeSpan Interval => options.Value.Interval;

    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        var done = await MarkSilentAsync(cancellationToken);

        var servers = await registry.ReadServersAsync(cancellationToken);
        metrics.Observe(servers);
        Compare(servers);
        foreach (var removed in servers.Where(server => server.Status == ServerStatus.Removed))
        {
            done += await DropStraysAsync(removed, cancellationToken);
        }

        return done;
    }

    private async Task<int> MarkSilentAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // A heartbeat that holds the row is waited for, and the condition is then checked against what it wrote.
        await using var mark = new NpgsqlCommand(
            $"""
            WITH silent AS (
                UPDATE storage_servers SET status = 'offline' WHERE status = 'online' AND {NodeRegistry.LastContact} < now() - $1
                RETURNING server_id, name, now() - last_heartbeat AS age
            )
            SELECT server_id, name, age, pg_notify($2, server_id::text)::text FROM silent
            """,
            connection,
            transaction);
        mark.Parameters.Add(new() { Value = cluster.Value.OfflineAfter });
        mark.Parameters.Add(new() { Value = NodeRegistry.Channel });
        var silent = new List<(ServerId Id, string Name, TimeSpan Age)>();
        await using (var reader = await mark.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                silent.Add((new(reader.GetGuid(0)), reader.GetString(1), reader.GetTimeSpan(2)));
            }
        }

        if (silent.Count == 0)
        {
            return 0;
        }

        await WakeAsync(connection, transaction, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        metrics.CountSilent(silent.Count);
        silent.ForEach(server => LogSilent(server.Name, server.Id, server.Age));
        return silent.Count;
    }

    /// <summary>
    /// Deletes the rows of copies that uploads completed on a server during its removal; repair recreates them elsewhere.
    /// </summary>
    private async Task<int> DropStraysAsync(ClusterServer removed, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        await using var drop = new NpgsqlBatch(connection, transaction) { BatchCommands = { CopyRemovals.ForgetStrays(removed.Id) } };
        var dropped = await drop.ExecuteNonQueryAsync(cancellationToken);
        if (dropped > 0)
        {
            await WakeAsync(connection, transaction, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            LogStraysDropped(removed.Name, removed.Id, dropped);
        }

        return dropped;
    }

    private static async Task WakeAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var wake = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands = { DutySignals.Wake(DutyNames.Integrity), DutySignals.Wake(DutyNames.Repair) },
        };
        await wake.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Logs the changes since the last run that this duty did not make.</summary>
    private void Compare(IReadOnlyList<ClusterServer> servers)
    {
        foreach (var now in servers)
        {
            if (!_before.TryGetValue(now.Id, out var before))
            {
                continue;
            }

            if (before.Status == ServerStatus.Offline && now.Status == ServerStatus.Online)
            {
                LogReturned(now.Name, now.Id);
            }
            else if (now.Status == ServerStatus.Draining && IsSilent(now) && !IsSilent(before))
            {
                LogDrainingSilent(now.Name, now.Id, now.HeartbeatAge);
            }
        }

        _before = servers.ToDictionary(server => server.Id);
    }

    private bool IsSilent(ClusterServer server) => server.HeartbeatAge > cluster.Value.OfflineAfter;

    [LoggerMessage(LogLevel.Warning, "Server {Name} ({ServerId}) is offline: its last heartbeat was {Age} ago")]
    private partial void LogSilent(string name, ServerId serverId, TimeSpan age);

    [LoggerMessage(LogLevel.Information, "Server {Name} ({ServerId}) is online again")]
    private partial void LogReturned(string name, ServerId serverId);

    [LoggerMessage(LogLevel.Warning, "Server {Name} ({ServerId}) is draining, and its last heartbeat was {Age} ago")]
    private partial void LogDrainingSilent(string name, ServerId serverId, TimeSpan age);

    [LoggerMessage(
        LogLevel.Warning, "Deleted the records of {Copies} copies on removed server {Name} ({ServerId}); repair recreates them elsewhere")]
    private partial void LogStraysDropped(string name, ServerId serverId, int copies);
}
