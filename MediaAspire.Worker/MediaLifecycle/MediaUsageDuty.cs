using MediaAspire.Core.Duties;
using MediaAspire.Core.Media.Usage;
using MediaAspire.Worker.Duties;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.MediaLifecycle;

/// <summary>Folds the deltas of the media catalog's counters into their totals, and audits them.</summary>
internal sealed partial class MediaUsageDuty(
    MediaUsageCounter counter,
    MediaUsageMetrics metrics,
    IOptions<MediaUsageOptions> options,
    TimeProvider time,
    ILogger<MediaUsageDuty> logger) : IDuty
{
    private const int BatchSize = 10_000;

    private long? _auditedAt;

    public string Name => DutyNames.MediaUsage;

    public TimeSpan Interval => options.Value.FoldInterval;

    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        var folded = await Batches.RunAllAsync(BatchSize, counter.FoldAsync, cancellationToken);
        metrics.Folded(folded);
        if (_auditedAt is not { } before || time.GetElapsedTime(before) >= options.Value.AuditInterval)
        {
            await AuditAsync(cancellationToken);
            _auditedAt = time.GetTimestamp();
        }

        return folded;
    }

    private async Task AuditAsync(CancellationToken cancellationToken)
    {
        var drift = await counter.AuditAsync(cancellationToken);
        metrics.Audited(drift);
        if (drift != default)
        {
            LogDrift(drift.Items, drift.Bytes);
        }
    }

    [LoggerMessage(
        LogLevel.Error,
        "The counters of the media catalog differed from a full count by {Items} items and {Bytes} bytes, and were corrected. Report this")]
    private partial void LogDrift(long items, long bytes);
}
