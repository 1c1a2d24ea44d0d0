using System.Diagnostics.Metrics;
using MediaAspire.Core.Copies;
using MediaAspire.Core.Scrubbing;

namespace MediaAspire.Worker.Scrubbing;

/// <summary>The metrics of the scrub's progress and findings.</summary>
public sealed class ScrubMetrics
{
    public const string MeterName = "MediaAspire.Scrub";

    private readonly Counter<long> _copies;
    private readonly Counter<long> _bytes;
    private ScrubTotals? _open;

    public ScrubMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _copies = meter.CreateCounter<long>(
            "mediaaspire.scrub.copies", "{copy}", "Copies that the scrub has verified or skipped, by finding.");
        _bytes = meter.CreateCounter<long>("mediaaspire.scrub.verified", "By", "Bytes that servers have read back.");
        meter.CreateObservableGauge(
            "mediaaspire.scrub.progress", Observe, "1", "Share of the open scrub's bytes that is done, in the leading worker.");
    }

    /// <param name="open">The open scrub's totals; null when no scrub is open.</param>
    internal void Show(ScrubTotals? open) => _open = open;

    internal void Count(CopyVerdict verdict, long bytes)
    {
        _copies.Add(1, new KeyValuePair<string, object?>("mediaaspire.outcome", verdict.ToString().ToLowerInvariant()));
        if (verdict is CopyVerdict.Intact or CopyVerdict.Corrupt)
        {
            _bytes.Add(bytes);
        }
    }

    private IEnumerable<Measurement<double>> Observe() => _open is { } totals ? [new(totals.Progress)] : [];
}
