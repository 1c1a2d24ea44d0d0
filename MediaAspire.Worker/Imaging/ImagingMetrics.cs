using System.Diagnostics.Metrics;

namespace MediaAspire.Worker.Imaging;

/// <summary>Instruments of the image processes. The names are part of the operator contract: see docs/operations/metrics.md.</summary>
public sealed class ImagingMetrics
{
    public const string MeterName = "MediaAspire.Imaging";

    private readonly Histogram<double> _requests;
    private readonly Counter<long> _ended;

    public ImagingMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);

        var meter = meters.Create(MeterName);
        _requests = meter.CreateHistogram<double>(
            "mediaaspire.imaging.request.duration", "s", "Time of a request in an image process, by operation and outcome.");
        _ended = meter.CreateCounter<long>(
            "mediaaspire.imaging.processes.ended", "{process}", "Image processes that were replaced or killed, by reason.");
    }

    internal void RequestEnded(string operation, bool succeeded, TimeSpan elapsed) => _requests.Record(
        elapsed.TotalSeconds,
        new KeyValuePair<string, object?>("mediaaspire.operation", operation),
        new KeyValuePair<string, object?>("mediaaspire.outcome", succeeded ? "done" : "failed"));

    internal void ProcessEnded(string reason) => _ended.Add(1, new KeyValuePair<string, object?>("mediaaspire.reason", reason));
}
