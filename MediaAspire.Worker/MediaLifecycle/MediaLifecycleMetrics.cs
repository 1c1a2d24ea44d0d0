using System.Diagnostics.Metrics;
using MediaAspire.Core.Media.Lifecycle;

namespace MediaAspire.Worker.MediaLifecycle;

/// <summary>Instruments of the lifecycle of media. The names are part of the operator contract: see docs/operations/metrics.md.</summary>
public sealed class MediaLifecycleMetrics
{
    public const string MeterName = "MediaAspire.MediaLifecycle";
    private const string OutcomeTag = "mediaaspire.outcome";
    private const string ReasonTag = "mediaaspire.reason";

    private readonly Counter<long> _compared;
    private readonly Counter<long> _removed;
    private readonly Counter<long> _requeued;

    public MediaLifecycleMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);

        var meter = meters.Create(MeterName);
        _compared = meter.CreateCounter<long>(
            "mediaaspire.media.compared", "{item}", "Pending items that were compared with the object store, by outcome.");
        _removed = meter.CreateCounter<long>("mediaaspire.media.removed", "{item}", "Items whose time was over, by reason.");
        _requeued = meter.CreateCounter<long>(
            "mediaaspire.media.requeued", "{item}", "Items whose lost job of processing was enqueued again.");
    }

    internal void Ran(SyncCounts counts)
    {
        var waiting = counts.Examined - counts.Finished - counts.Verifying - counts.Refused - counts.Faults;
        Compared("finished", counts.Finished);
        Compared("verifying", counts.Verifying);
        Compared("refused", counts.Refused);
        Compared("failed", counts.Faults);
        Compared("waiting", waiting);
        _removed.Add(counts.Expired, new KeyValuePair<string, object?>(ReasonTag, "expired"));
        _removed.Add(counts.Emptied, new KeyValuePair<string, object?>(ReasonTag, "trash"));
        _requeued.Add(counts.Requeued);
    }

    private void Compared(string outcome, long items) => _compared.Add(items, new KeyValuePair<string, object?>(OutcomeTag, outcome));
}
