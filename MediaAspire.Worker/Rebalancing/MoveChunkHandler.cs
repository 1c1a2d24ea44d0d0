using System.Data.Common;
using MediaAspire.Core.Duties;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Rebalancing;
using MediaAspire.Worker.Duties;
using MediaAspire.Worker.Queue;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Rebalancing;

/// <summary>Carries out one move, and stops in its middle when its rebalance is paused or cancelled.</summary>
/// <remarks>
/// Idempotent: a move that is over, or whose rebalance does not run, is left alone; a resumed rebalance puts its moves in again.
/// </remarks>
internal sealed partial class MoveChunkHandler(
    RebalanceStore store, ChunkMover mover, DutyItems items,
    IOptions<RebalancingOptions> options, TimeProvider time, ILogger<MoveChunkHandler> logger)
    : IJobHandler<MoveChunk>
{
    public async Task HandleAsync(MoveChunk payload, JobContext job, CancellationToken cancellationToken)
    {
        var isOver = await store.FindMoveAsync(payload.Rebalance, new ChunkId(payload.Chunk), cancellationToken) is not { } move
            || await MoveAsync(payload.Rebalance, move, cancellationToken);
        await (isOver
            ? items.EndAsync(DutyNames.Rebalance, payload.Chunk, cancellationToken)
            : items.RestAsync(DutyNames.Rebalance, payload.Chunk, options.Value.Interval, cancellationToken));
    }

    /// <returns>False when it can't move now and waits for its turn.</returns>
    private async Task<bool> MoveAsync(Guid rebalance, RebalanceMove move, CancellationToken cancellationToken)
    {
        using var running = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watching = WatchAsync(rebalance, running);
        try
        {
            return await mover.MoveAsync(rebalance, move, running.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            LogStopped(move.Chunk, rebalance);
            return true;
        }
        finally
        {
            await running.CancelAsync();
            await watching;
        }
    }

    /// <summary>
    /// Cancels a move, even in the middle of a copy, when its rebalance is paused or cancelled, or its server is no longer draining.
    /// </summary>
    private async Task WatchAsync(Guid id, CancellationTokenSource running)
    {
        using var timer = new PeriodicTimer(options.Value.ControlInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(running.Token))
            {
                if (!await StillRunsAsync(id, running.Token))
                {
                    await running.CancelAsync();
                }
            }
        }
        catch (OperationCanceledException) when (running.IsCancellationRequested)
        {
            // The move has ended.
        }
    }

    private async Task<bool> StillRunsAsync(Guid id, CancellationToken cancellationToken)
    {
        try
        {
            var (state, isPointless) = await store.ReadControlAsync(id, cancellationToken);
            if (isPointless)
            {
                LogPointless(id);
                await store.CancelAsync(id, cancellationToken);
            }

            return state == RebalanceState.Running && !isPointless;
        }
        catch (Exception exception) when (exception is DbException or TimeoutException or IOException)
        {
            // The moves ask the database too, and fail if it stays away.
            LogUnwatched(id, exception.Message);
            return true;
        }
    }

    [LoggerMessage(LogLevel.Debug, "The move of chunk {Chunk} was stopped: rebalance {Id} was paused or cancelled")]
    private partial void LogStopped(ChunkId chunk, Guid id);

    [LoggerMessage(LogLevel.Information, "Cancelled rebalance {Id}: its server is no longer draining")]
    private partial void LogPointless(Guid id);

    [LoggerMessage(LogLevel.Warning, "Reading the state of rebalance {Id} failed: {Reason}")]
    private partial void LogUnwatched(Guid id, string reason);
}
