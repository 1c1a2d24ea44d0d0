using MediaAspire.Core.Duties;
using MediaAspire.Core.Images.Retention;
using MediaAspire.Core.Images.Variants;
using MediaAspire.Worker.Duties;
using MediaAspire.Worker.Variants;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Retention;

/// <summary>Removes variants that nobody reads, and those above the byte budget, and finds work whose job was lost.</summary>
/// <remarks>Its effects are statements of its own: it spawns no jobs but those of lost work, a bounded number in each run.</remarks>
internal sealed partial class VariantRetentionDuty(
    VariantRetention variants, VariantMetrics metrics, IOptions<VariantOptions> options, ILogger<VariantRetentionDuty> logger) : IDuty
{
    private const int PageSize = 500;
    private const int MostJobs = 100;

    public string Name => DutyNames.ImageVariants;

    public TimeSpan Interval => options.Value.Interval;

    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        var unread = await RemoveUnreadAsync(cancellationToken);
        var totals = await variants.MeasureAsync(cancellationToken);
        var above = await RemoveAboveBudgetAsync(totals, cancellationToken);
        metrics.Measured(new(totals.Count - above.Count, totals.Bytes - above.Bytes));
        var expired = await Batches.RunAllAsync(PageSize, variants.RemoveExpiredWorkAsync, cancellationToken);
        var enqueued = await variants.EnqueueLostAsync(MostJobs, cancellationToken);
        if (unread + above.Count + enqueued > 0)
        {
            LogRemoved(unread, options.Value.Retention, above.Count, above.Bytes, enqueued);
        }

        return unread + above.Count + expired + enqueued;
    }

    private Task<long> RemoveUnreadAsync(CancellationToken cancellationToken) => Batches.RunAllAsync(
        PageSize,
        async (most, token) =>
        {
            var removed = await variants.RemoveUnreadAsync(options.Value.Retention, most, token);
            metrics.Removed("unread", removed.Count);
            return removed.Count;
        },
        cancellationToken);

    private async Task<VariantTotals> RemoveAboveBudgetAsync(VariantTotals totals, CancellationToken cancellationToken)
    {
        var removed = default(VariantTotals);
        while (totals.Bytes - removed.Bytes > options.Value.MaxBytes)
        {
            var page = await variants.RemoveOldestAsync(totals.Bytes - removed.Bytes - options.Value.MaxBytes, PageSize, cancellationToken);
            if (page.Count == 0)
            {
                // Others change or remove the rest at the moment.
                break;
            }

            metrics.Removed("budget", page.Count);
            removed = new(removed.Count + page.Count, removed.Bytes + page.Bytes);
        }

        return removed;
    }

    [LoggerMessage(
        LogLevel.Information,
        "Removed {Unread} variants that were not read for {Retention}, and {Above} of {Bytes} bytes above the budget; "
        + "enqueued {Jobs} lost jobs")]
    private partial void LogRemoved(long unread, TimeSpan retention, long above, long bytes, long jobs);
}
