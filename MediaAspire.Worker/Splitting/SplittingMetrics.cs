using System.Diagnostics.Metrics;

namespace MediaAspire.Worker.Splitting;

/// <summary>Instruments of splitting. The names are part of the operator contract: see docs/operations/metrics.md.</summary>
public sealed class SplittingMetrics
{
    public const string MeterName = "MediaAspire.Splitting";

    private readonly Histogram<double> _duration;

    public SplittingMetrics(IMeterFactory meterFactory)
    {
        ArgumentNullException.ThrowIfNull(meterFactory);

        _duration = meterFactory.Create(MeterName).CreateHistogram<double>(
            "mediaaspire.staging.split.duration", "s",
            "Time to store a staged value on the storage nodes, by whether its version was still current afterwards.");
    }

    internal void Split(bool isCurrent, TimeSpan elapsed) =>
        _duration.Record(
            elapsed.TotalSeconds, new KeyValuePair<string, object?>("mediaaspire.outcome", isCurrent ? "switched" : "replaced"));
}
