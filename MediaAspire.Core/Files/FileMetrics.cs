using System.Diagnostics.Metrics;

namespace MediaAspire.Core.Files;

/// <summary>Instruments of uploads and downloads. The names are part of the operator contract: see docs/operations/metrics.md.</summary>
public sealed class FileMetrics
{
    public const string MeterName = "MediaAspire.Files";

    private readonly UpDownCounter<long> _active;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _aborted;
    private readonly Histogram<double> _uploadDuration;

    public FileMetrics(IMeterFactory meterFactory)
    {
        ArgumentNullException.ThrowIfNull(meterFactory);

        // The factory owns the meter's lifetime, so it is not disposed here.
        var meter = meterFactory.Create(MeterName);

        _active = meter.CreateUpDownCounter<long>(
            "mediaaspire.file.active_transfers", unit: "{transfer}", description: "Files going in or out now.");
        _bytes = meter.CreateCounter<long>(
            "mediaaspire.file.transferred", unit: "By", description: "Bytes of completed uploads, and bytes sent to clients.");
        _aborted = meter.CreateCounter<long>(
            "mediaaspire.file.aborted", unit: "{transfer}", description: "Transfers that ended before their last byte.");
        _uploadDuration = meter.CreateHistogram<double>(
            "mediaaspire.file.upload.duration", unit: "s", description: "Time from an upload's first byte to its commit.");
    }

    /// <summary>Gets the bytes that move now, for those who show them each second.</summary>
    public TransferCounters Transfers { get; } = new();

    public void UploadStarted() => _active.Add(1, Direction("in"));

    public void UploadCompleted(long bytes, TimeSpan elapsed)
    {
        _bytes.Add(bytes, Direction("in"));
        _uploadDuration.Record(elapsed.TotalSeconds);
    }

    public void UploadAborted() => _aborted.Add(1, Direction("in"));

    public void UploadEnded() => _active.Add(-1, Direction("in"));

    public void DownloadStarted() => _active.Add(1, Direction("out"));

    public void DownloadEnded(long bytes, bool completed)
    {
        _active.Add(-1, Direction("out"));
        _bytes.Add(bytes, Direction("out"));
        if (!completed)
        {
            _aborted.Add(1, Direction("out"));
        }
    }

    private static KeyValuePair<string, object?> Direction(string direction) => new("mediaaspire.direction", direction);
}
