using System.Diagnostics.Metrics;
using MediaAspire.Core.Images.Retention;

namespace MediaAspire.Worker.Variants;

/// <summary>Instruments of variants of images. The names are part of the operator contract: see docs/operations/metrics.md.</summary>
public sealed class VariantMetrics
{
    public const string MeterName = "MediaAspire.Variants";

    private readonly Histogram<double> _attempts;
    private readonly Counter<long> _removed;
    private VariantTotals _totals;

    public VariantMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);

        var meter = meters.Create(MeterName);
        _attempts = meter.CreateHistogram<double>(
            "mediaaspire.images.variant.duration", "s", "Time of an attempt at making a variant, by outcome.");
        _removed = meter.CreateCounter<long>(
            "mediaaspire.images.variants.removed", "{variant}", "Variants that were removed, by reason.");
        meter.CreateObservableGauge(
            "mediaaspire.images.variants", () => _totals.Count, "{variant}", "Variants at the last run of their duty.");
        meter.CreateObservableGauge(
            "mediaaspire.images.variants.size", () => _totals.Bytes, "By", "Bytes of variants at the last run of their duty.");
    }

    internal void Ended(string outcome, TimeSpan elapsed) =>
        _attempts.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("mediaaspire.outcome", outcome));

    internal void Removed(string reason, long count)
    {
        if (count > 0)
        {
            _removed.Add(count, new KeyValuePair<string, object?>("mediaaspire.reason", reason));
        }
    }

    internal void Measured(VariantTotals totals) => _totals = totals;
}
