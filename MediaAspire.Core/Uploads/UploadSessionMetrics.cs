using System.Diagnostics.Metrics;

namespace MediaAspire.Core.Uploads;

/// <summary>Instruments of resumable uploads. The names are part of the operator contract: see docs/operations/metrics.md.</summary>
public sealed class UploadSessionMetrics
{
    public const string MeterName = "MediaAspire.Uploads";

    private readonly Counter<long> _created;
    private readonly Counter<long> _appends;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _ended;
    private readonly Counter<long> _expired;
    private readonly Counter<long> _resumed;
    private readonly Histogram<double> _completions;

    public UploadSessionMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);

        var meter = meters.Create(MeterName);
        _created = meter.CreateCounter<long>("mediaaspire.uploads.created", "{upload}", "Resumable uploads that were created.");
        _appends = meter.CreateCounter<long>("mediaaspire.uploads.appends", "{append}", "Appends to resumable uploads, by outcome.");
        _bytes = meter.CreateCounter<long>("mediaaspire.uploads.received", "By", "Bytes of resumable uploads on stable storage.");
        _ended = meter.CreateCounter<long>(
            "mediaaspire.uploads.ended", "{upload}", "Resumable uploads that were completed, failed or cancelled.");
        _expired = meter.CreateCounter<long>(
            "mediaaspire.uploads.expired", "{upload}", "Resumable uploads that were removed after their time.");
        _resumed = meter.CreateCounter<long>(
            "mediaaspire.uploads.resumed", "{upload}", "Resumable uploads whose completion was begun again, because it may be lost.");
        _completions = meter.CreateHistogram<double>(
            "mediaaspire.uploads.completion.duration", "s", "Time of an attempt at making the result of a resumable upload.");
    }

    public void Expired(long uploads) => _expired.Add(uploads);

    public void Resumed(long uploads) => _resumed.Add(uploads);

    internal void Created() => _created.Add(1);

    internal void Appended(long bytes, AppendOutcome outcome)
    {
        _bytes.Add(bytes);
        _appends.Add(1, Outcome(NameOf(outcome)));
    }

    internal void Ended(string outcome) => _ended.Add(1, Outcome(outcome));

    internal void Completed(string target, TimeSpan elapsed) =>
        _completions.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("mediaaspire.upload.target", target));

    private static string NameOf(AppendOutcome outcome) => outcome switch
    {
        AppendOutcome.Appended => "appended",
        AppendOutcome.Interrupted => "interrupted",
        AppendOutcome.TakenOver => "taken-over",
        AppendOutcome.TooLarge => "too-large",
        AppendOutcome.ChecksumMismatch => "checksum-mismatch",
        _ => "refused",
    };

    private static KeyValuePair<string, object?> Outcome(string outcome) => new("mediaaspire.outcome", outcome);
}
