using System.Data.Common;
using MediaAspire.Core.Durability;
using MediaAspire.Core.Ids;
using MediaAspire.Worker.Duties;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Rebalancing;

/// <summary>Moves copies to the servers that should hold them. docs/operations/rebalance.md is the operator's page.</summary>
internal sealed partial class RebalanceDuty(
    RebalanceStore store,
    RebalanceStarter starter,
    ChunkMover mover,
    RebalanceMetrics metrics,
    IOptions<RebalancingOptions> options,
    TimeProvider time,
    ILogger<RebalanceDuty> logger) : IDuty
{
    private const int PageSize = 64;

    private readonly CopyThrottle _throttle = new(options.Value.MaxBytesPerSecond, time);

    public string Name => DutyNames.Rebalance;

    public TimeSpan Interval => options.Value.Interval;

    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        await store.TidyAsync(options.Value.History, cancellationToken);
        var current = await store.FindActiveAsync(cancellationToken) ?? await starter.StartAsync(cancellationToken);
        metrics.Observe(current);
        return current?.State == RebalanceState.Running ? await ExecuteAsync(current.Id, cancellationToken) : 0;
    }

    private async Task<long> ExecuteAsync(Guid id, CancellationToken cancellationToken)
    {
        using var running = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watching = WatchAsync(id, running);
        try
        {
            return await MoveAllAsync(id, running.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            LogStopped(id);
            return 0;
        }
        finally
        {
            await running.CancelAsync();
            await watching;
            metrics.Observe(cancellationToken.IsCancellationRequested ? null : await store.FindActiveAsync(cancellationToken));
        }
    }

    private async Task<long> MoveAllAsync(Guid id, CancellationToken cancellationToken)
    {
        var waiting = new HashSet<ChunkId>();
        var ended = 0L;
        while (true)
        {
            var page = await store.NextMovesAsync(id, waiting, PageSize, cancellationToken);
            if (page.Count == 0)
            {
                break;
            }

            var atOnce = Math.Min(options.Value.Concurrency, page.Count);
            await Parallel.ForEachAsync(
                page,
                new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken },
                async (move, token) =>
                {
                    if (await mover.MoveAsync(id, move, _throttle, atOnce, token))
                    {
                        Interlocked.Increment(ref ended);
                    }
                    else
                    {
                        lock (waiting)
                        {
                            waiting.Add(move.Chunk);
                        }
                    }
                });
            metrics.Observe(await store.FindActiveAsync(cancellationToken));
        }

        if (await store.CompleteAsync(id, cancellationToken))
        {
            LogCompleted(id);
        }

        return ended;
    }

    /// <summary>Ends the moving, in the middle of a copy too, when it is paused or cancelled, or its server drains no longer.</summary>
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
            // The moving is over.
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

    [LoggerMessage(LogLevel.Information, "Rebalance {Id} is complete")]
    private partial void LogCompleted(Guid id);

    [LoggerMessage(LogLevel.Information, "Rebalance {Id} was paused or cancelled")]
    private partial void LogStopped(Guid id);

    [LoggerMessage(LogLevel.Information, "Rebalance {Id} is cancelled: its server drains no longer")]
    private partial void LogPointless(Guid id);

    [LoggerMessage(LogLevel.Warning, "Cannot see whether rebalance {Id} was paused or cancelled: {Reason}")]
    private partial void LogUnwatched(Guid id, string reason);
}
