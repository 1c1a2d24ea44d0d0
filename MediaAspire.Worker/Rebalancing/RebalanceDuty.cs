using MediaAspire.Core.Duties;
using MediaAspire.Core.Rebalancing;
using MediaAspire.Worker.Duties;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Rebalancing;

/// <summary>Starts rebalances that are due, and puts the moves of the one that runs into the job queue.</summary>
/// <remarks>docs/operations/rebalance.md is the operator's page.</remarks>
internal sealed partial class RebalanceDuty(
    RebalanceStore store,
    RebalanceStarter starter,
    DutyItems items,
    RebalanceMetrics metrics,
    IOptions<RebalancingOptions> options,
    TimeProvider time,
    ILogger<RebalanceDuty> logger) : IDuty
{
    public string Name => DutyNames.Rebalance;

    public TimeSpan Interval => options.Value.Interval;

    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        await store.TidyAsync(options.Value.History, cancellationToken);
        await items.TidyAsync(Name, cancellationToken);
        var current = await store.FindActiveAsync(cancellationToken) ?? await starter.StartAsync(cancellationToken);
        metrics.Observe(current);
        return current?.State == RebalanceState.Running ? await PlanAsync(current.Id, cancellationToken) : 0;
    }

    /// <summary>Fills the window with moves, and ends the rebalance when all are done.</summary>
    private async Task<long> PlanAsync(Guid id, CancellationToken cancellationToken)
    {
        if ((await store.ReadControlAsync(id, cancellationToken)).IsPointless)
        {
            LogPointless(id);
            await store.CancelAsync(id, cancellationToken);
            return 0;
        }

        var room = (await items.CountAsync(Name, cancellationToken)).RoomIn(DutyItems.Window);
        var moves = room == 0 ? [] : await store.NextMovesAsync(id, room, cancellationToken);
        if (moves.Count > 0)
        {
            return await items.EnqueueAsync(
                Name, [.. moves.Select(move => (move.Chunk.Value, MoveChunk.Of(id, move.Chunk, time)))], cancellationToken);
        }

        if (await store.CompleteAsync(id, cancellationToken))
        {
            LogCompleted(id);
            metrics.Observe(null);
        }

        return 0;
    }

    [LoggerMessage(LogLevel.Information, "Rebalance {Id} is completed")]
    private partial void LogCompleted(Guid id);

    [LoggerMessage(LogLevel.Information, "Cancelled rebalance {Id}: its server is no longer draining")]
    private partial void LogPointless(Guid id);
}
