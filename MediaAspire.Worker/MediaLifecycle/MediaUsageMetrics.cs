using System.Diagnostics.Metrics;
using MediaAspire.Core.Media.Usage;

namespace MediaAspire.Worker.MediaLifecycle;

/// <summary>Instruments of the counters of media. The names are part of the operator contract: see docs/operations/metrics.md.</summary>
public sealed class MediaUsageMetrics
{
    public const string MeterName = "MediaAspire.MediaUsage";

    private readonly Counter<long> _folded;
    private readonly Counter<long> _audits;
    private readonly Counter<long> _driftItems;
    private readonly Counter<long> _driftBytes;

    public MediaUsageMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);

        var meter = meters.Create(MeterName);
        _folded = meter.CreateCounter<long>("mediaaspire.media.usage.folded", "{delta}", "Deltas that were folded into the totals.");
        _audits = meter.CreateCounter<long>(
            "mediaaspire.media.usage.audits", "{audit}", "Comparisons of the counters with a full count.");
        _driftItems = meter.CreateCounter<long>(
            "mediaaspire.media.usage.drift", "{item}", "Items by which the counters differed from a full count.");
        _driftBytes = meter.CreateCounter<long>(
            "mediaaspire.media.usage.drift.bytes", "By", "Bytes by which the counters differed from a full count.");
    }

    internal void Folded(long deltas) => _folded.Add(deltas);

    internal void Audited(MediaCount drift)
    {
        _audits.Add(1);
        _driftItems.Add(drift.Items);
        _driftBytes.Add(drift.Bytes);
    }
}
