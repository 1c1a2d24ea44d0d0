using System.Diagnostics.Metrics;
using MediaAspire.Core.Integrity;

namespace MediaAspire.Worker.Integrity;

/// <summary>The metrics of the findings of the last walk over all chunks.</summary>
public sealed class IntegrityMetrics
{
    public const string MeterName = "MediaAspire.Integrity";
    private const string KindTag = "mediaaspire.integrity.kind";

    private readonly Histogram<double> _walks;
    private IntegrityCounts? _counts;

    public IntegrityMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _walks = meter.CreateHistogram<double>("mediaaspire.integrity.walk.duration", "s", "Time of a walk over all chunks.");
        meter.CreateObservableGauge("mediaaspire.integrity.findings", Measure, "{finding}", "Findings by kind, as of the last walk.");
    }

    internal void Observe(IntegrityCounts counts) => Volatile.Write(ref _counts, counts);

    internal void WalkEnded(TimeSpan elapsed) => _walks.Record(elapsed.TotalSeconds);

    // Nothing before the first walk: 0 would mean that a walk found nothing.
    private IEnumerable<Measurement<long>> Measure() => Volatile.Read(ref _counts) is not { } counts
        ? []
        :
        [
            Of("lost", counts.Lost),
            Of("under-replicated", counts.UnderReplicated),
            Of("missing", counts.Missing),
            Of("corrupt", counts.Corrupt),
            Of("untracked", counts.Untracked),
            Of("damaged", counts.Damaged),
        ];

    private static Measurement<long> Of(string kind, long count) => new(count, new KeyValuePair<string, object?>(KindTag, kind));
}
