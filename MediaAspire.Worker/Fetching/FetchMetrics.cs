using System.Diagnostics.Metrics;
using MediaAspire.Core.Fetching;

namespace MediaAspire.Worker.Fetching;

/// <summary>
/// Instruments of downloads from other servers. The names are part of the operator contract: see docs/operations/metrics.md.
/// </summary>
public sealed class FetchMetrics
{
    public const string MeterName = "MediaAspire.Fetching";

    private readonly Histogram<double> _durations;
    private readonly Counter<long> _bytes;

    public FetchMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);

        var meter = meters.Create(MeterName);
        _durations = meter.CreateHistogram<double>(
            "mediaaspire.fetch.duration", "s", "Time of downloads from addresses that clients named, by outcome.");
        _bytes = meter.CreateCounter<long>("mediaaspire.fetch.bytes", "By", "Bytes of downloads that succeeded.");
    }

    internal void Fetched(FetchResult result, TimeSpan elapsed)
    {
        var outcome = result switch
        {
            { Failure: { } failure } => failure.Kind.ToString().ToLowerInvariant(),
            { IsUnchanged: true } => "unchanged",
            _ => "fetched",
        };
        _durations.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("mediaaspire.outcome", outcome));
        _bytes.Add(result.Bytes);
    }
}
