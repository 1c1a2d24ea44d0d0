using MediaAspire.Core.Images;
using MediaAspire.Core.Images.Migration;
using MediaAspire.Core.Rebalancing;
using MediaAspire.Core.Scrubbing;

namespace MediaAspire.Api.Console.Feed;

/// <summary>The long work that runs or is paused: rebalances, scrubs and migrations of images.</summary>
internal sealed class WorkSource(RebalanceStore rebalances, ScrubLedger scrubs, ImageMigrations migrations, TimeProvider time) : IFeedSource
{
    private const string Bytes = "bytes";

    public string Name => "work";

    public TimeSpan Period { get; } = TimeSpan.FromSeconds(2);

    public async Task<object> ReadAsync(CancellationToken cancellationToken)
    {
        var work = new List<WorkResponse>();
        if (await rebalances.FindActiveAsync(cancellationToken) is { } rebalance)
        {
            work.Add(Describe(rebalance));
        }

        if ((await scrubs.ListAsync(1, cancellationToken)).FirstOrDefault(run => run.FinishedAt is null) is { } scrub)
        {
            work.Add(Describe(scrub));
        }

        if (await migrations.FindAsync(cancellationToken) is { EndedAt: null }
            && await migrations.FindProgressAsync(cancellationToken) is { Migration.EndedAt: null } migration)
        {
            work.Add(Describe(migration));
        }

        return new WorkFeedResponse(work);
    }

    private static WorkResponse Describe(Rebalance rebalance) => new(
        rebalance.Id, "rebalance", $"Rebalance ({rebalance.Reason})", rebalance.State, rebalance.BytesDone, rebalance.Bytes, Bytes,
        rebalance.MovesFailed, rebalance.StartedAt, rebalance.Estimate?.TotalSeconds);

    private WorkResponse Describe(ScrubRun run)
    {
        var left = run.EstimatedEnd is { } end ? Math.Max(0, (end - time.GetUtcNow()).TotalSeconds) : (double?)null;
        return new(
            run.Id, "scrub", $"Scrub ({run.Trigger})", run.State, run.Totals.Bytes, run.Totals.BytesExpected, Bytes,
            run.Totals.Corrupt + run.Totals.Missing, run.StartedAt, left);
    }

    private static WorkResponse Describe(MigrationProgress progress)
    {
        var migration = progress.Migration;
        return new(
            migration.Id, "image-migration", $"Images to {StoreNames.Of(migration.Target)}", migration.State.ToString().ToLowerInvariant(),
            migration.MovedBytes, migration.MovedBytes + progress.RemainingBytes, Bytes, migration.Failures, migration.StartedAt,
            migration.Rate > 0 ? progress.RemainingBytes / migration.Rate : null);
    }
}
