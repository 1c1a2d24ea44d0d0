using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Rebalancing;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Rebalancing;

/// <summary>Starts a rebalance when a server drains, or has been nearly empty for a while.</summary>
internal sealed partial class RebalanceStarter(
    RebalanceStore store, RebalancePlanner planner, ClusterView cluster,
    IOptions<RebalancingOptions> options, TimeProvider time, ILogger<RebalanceStarter> logger)
{
    // Since when a server has been nearly empty, and when nothing could be planned for one; timestamps of the time provider.
    private readonly Dictionary<ServerId, long> _emptySince = [];
    private readonly Dictionary<ServerId, long> _triedAt = [];

    /// <summary>Plans and starts what is due.</summary>
    /// <returns>The rebalance that runs now; null when no rebalance is due.</returns>
    public async Task<Rebalance?> StartAsync(CancellationToken cancellationToken)
    {
        var settings = options.Value;
        if (await store.FindDrainAsync(settings.RetryDelay, settings.HoldAfter, cancellationToken) is { } drained)
        {
            return await StartAsync(RebalanceReason.Drain, drained, settings.RetryDelay, cancellationToken);
        }

        var settled = FindSettled(await cluster.RefreshAsync(cancellationToken), settings);
        if (!settings.Automatic || settled.Count == 0)
        {
            return null;
        }

        return await store.FindJoinAsync(settled, settings.HoldAfter, cancellationToken) is { } joined
            ? await StartAsync(RebalanceReason.Join, joined, settings.HoldAfter, cancellationToken)
            : null;
    }

    private async Task<Rebalance?> StartAsync(string reason, ServerId server, TimeSpan pause, CancellationToken cancellationToken)
    {
        if (_triedAt.TryGetValue(server, out var triedAt) && time.GetElapsedTime(triedAt) < pause)
        {
            return null;
        }

        var plan = await planner.PlanAsync(reason, server, cancellationToken);
        if (plan.Moves == 0)
        {
            _triedAt[server] = time.GetTimestamp();
            await store.DropPlanAsync(plan.Id, cancellationToken);
            LogNothingToMove(reason, server);
            return null;
        }

        _triedAt.Remove(server);
        var change = await store.StartAsync(plan.Id, cancellationToken);
        if (change != RebalanceChange.Done)
        {
            // Somebody started another one while this one was planned.
            await store.DropPlanAsync(plan.Id, cancellationToken);
            return null;
        }

        LogStarted(plan.Id, reason, plan.Moves, plan.Bytes);
        return await store.FindAsync(plan.Id, cancellationToken);
    }

    private List<ServerId> FindSettled(ClusterSnapshot snapshot, RebalancingOptions settings)
    {
        var online = snapshot.Servers.Where(server => server.Status == ServerStatus.Online).ToList();
        var mean = online.Count == 0 ? 0 : online.Average(server => (double)server.ChunkBytes);
        var empty = online.Where(server => server.ChunkBytes < settings.EmptyShare * mean).Select(server => server.Id).ToHashSet();
        foreach (var filled in _emptySince.Keys.Where(server => !empty.Contains(server)).ToList())
        {
            _emptySince.Remove(filled);
        }

        var now = time.GetTimestamp();
        foreach (var server in empty)
        {
            _emptySince.TryAdd(server, now);
        }

        return [.. _emptySince.Where(server => time.GetElapsedTime(server.Value) >= settings.SettleDelay).Select(server => server.Key)];
    }

    [LoggerMessage(LogLevel.Information, "Started rebalance {Id} ({Reason}): {Moves} copies, {Bytes} bytes")]
    private partial void LogStarted(Guid id, string reason, long moves, long bytes);

    [LoggerMessage(
        LogLevel.Warning, "The {Reason} of server {Server} moves no copies: no other server can take them, or their places are no better")]
    private partial void LogNothingToMove(string reason, ServerId server);
}
