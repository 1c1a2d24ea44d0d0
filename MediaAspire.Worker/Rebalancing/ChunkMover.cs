using MediaAspire.Core.Copies;
using MediaAspire.Core.Duties;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Rebalancing;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Worker.Rebalancing;

/// <summary>
/// Carries out one move: makes the new copy first, and requests the removal of the old one in the transaction that makes the new one
/// readable.
/// </summary>
internal sealed class ChunkMover(
    RebalanceStore store,
    CopyCatalog catalog,
    CopyMaker maker,
    RebalanceMetrics metrics,
    NpgsqlDataSource database,
    IOptions<RebalancingOptions> options,
    TimeProvider time,
    ILogger<CopyThrottle> logger)
{
    private readonly CopyThrottle _throttle = new(database, DutyNames.Rebalance, options.Value.MaxBytesPerSecond, time, logger);

    /// <summary>Moves one copy.</summary>
    /// <returns>False when it can't move now and waits for its turn.</returns>
    public async Task<bool> MoveAsync(Guid rebalance, RebalanceMove move, CancellationToken cancellationToken)
    {
        var found = await catalog.ReadAsync(move.Chunk, cancellationToken);
        if (WhyNot(found, move) is { } needless)
        {
            await EndAsync(rebalance, move, isFailure: false, needless, cancellationToken);
            return true;
        }

        await using var permit = await _throttle.BeginAsync(move.Bytes, cancellationToken);
        if (!await store.BeginMoveAsync(rebalance, move.Chunk, cancellationToken))
        {
            permit.Settle(new(CopyOutcome.Busy));
            return false;
        }

        var order = new CopyOrder(move.Chunk, move.To, permit.BytesPerSecond)
        {
            Replaces = move.From,
            Alongside = [RebalanceStore.MoveDone(rebalance, move.Chunk)],
        };
        var result = await maker.MakeAsync(order, cancellationToken);
        permit.Settle(result);
        switch (result.Outcome)
        {
            case CopyOutcome.Stored:
                metrics.Moved("done", move.Bytes);
                return true;
            case CopyOutcome.AlreadyStored:
                await SettleAsync(rebalance, move, cancellationToken);
                return true;
            case CopyOutcome.Gone:
                await EndAsync(rebalance, move, isFailure: false, "the file was deleted", cancellationToken);
                return true;
            case CopyOutcome.Busy or CopyOutcome.Lost:
                await store.PutBackAsync(rebalance, move.Chunk, cancellationToken);
                return false;
            default:
                await EndAsync(rebalance, move, isFailure: true, result.Reason ?? WhyFailed(result.Outcome), cancellationToken);
                return true;
        }
    }

    private static string? WhyNot(ChunkCopies? found, RebalanceMove move) =>
        found is null ? "the file was deleted"
        : !found.Copies.Any(copy => copy.Server == move.From && copy.Status == CopyStatus.Stored) ? "the server no longer has the copy"
        : null;

    private static string WhyFailed(CopyOutcome outcome) =>
        outcome == CopyOutcome.NoSource ? "no readable copy is left" : "the server did not accept the copy";

    /// <summary>
    /// Ends a move whose new server already has a copy, by another worker or by repair: the old one is removed if enough others count.
    /// </summary>
    private async Task SettleAsync(Guid rebalance, RebalanceMove move, CancellationToken cancellationToken)
    {
        var removed = await catalog.RemoveAsync(move.Chunk, Replaced, cancellationToken);
        if (removed > 0)
        {
            await store.EndMoveDoneAsync(rebalance, move.Chunk, cancellationToken);
            metrics.Moved("done", 0);
        }
        else
        {
            await EndAsync(
                rebalance, move, isFailure: false, "the server already has a copy, and the old one is still needed", cancellationToken);
        }

        IReadOnlyCollection<ServerId> Replaced(ChunkCopies chunk) =>
            chunk.Copies.Count(copy => copy.IsLive && copy.Server != move.From) >= chunk.Wanted
            && chunk.Copies.Any(copy => copy.Server == move.From && copy.Status == CopyStatus.Stored)
                ? [move.From]
                : [];
    }

    private async Task EndAsync(Guid rebalance, RebalanceMove move, bool isFailure, string reason, CancellationToken cancellationToken)
    {
        await store.EndMoveAsync(rebalance, move.Chunk, isFailure, reason, cancellationToken);
        metrics.Moved(isFailure ? "failed" : "skipped", 0);
    }
}
