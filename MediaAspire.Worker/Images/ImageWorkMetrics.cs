using System.Diagnostics.Metrics;

namespace MediaAspire.Worker.Images;

/// <summary>Instruments of the work on images. The names are part of the operator contract: see docs/operations/metrics.md.</summary>
public sealed class ImageWorkMetrics
{
    public const string MeterName = "MediaAspire.Images";

    private readonly Histogram<double> _ingests;
    private readonly Counter<long> _expired;
    private readonly Counter<long> _resumed;
    private readonly Counter<long> _missing;

    public ImageWorkMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);

        var meter = meters.Create(MeterName);
        _ingests = meter.CreateHistogram<double>(
            "mediaaspire.images.ingest.duration", "s", "Time of an attempt at making an image of an upload, by outcome.");
        _expired = meter.CreateCounter<long>(
            "mediaaspire.images.uploads.expired", "{upload}", "Uploads that were removed after their time.");
        _resumed = meter.CreateCounter<long>(
            "mediaaspire.images.uploads.resumed", "{upload}", "Uploads whose job was enqueued again, because it may be lost.");
        _missing = meter.CreateCounter<long>(
            "mediaaspire.images.missing", "{image}", "Images whose bytes were found missing.");
    }

    internal void Ingested(string outcome, TimeSpan elapsed) =>
        _ingests.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("mediaaspire.outcome", outcome));

    internal void Expired(long uploads) => _expired.Add(uploads);

    internal void Resumed(long uploads) => _resumed.Add(uploads);

    internal void Missing() => _missing.Add(1);
}
