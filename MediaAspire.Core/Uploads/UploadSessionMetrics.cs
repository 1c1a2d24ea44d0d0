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
        _created = meter.CreateCounter<long>("mediaaspire.uploads.created", "{upload}", "Uploads that were created.");
        _appends = meter.CreateCounter<long>("mediaaspire.uploads.appends", "{append}", "Appends to resumable uploads, by outcome.");
        _bytes = meter.CreateCounter<long>("mediaaspire.uploads.received", "By", "Bytes of uploads on stable storage.");
        _ended = meter.CreateCounter<long>(
            "mediaaspire.uploads.ended", "{upload}", "Uploads that were completed, failed or cancelled.");
        _expired = meter.CreateCounter<long>(
            "mediaaspire.uploads.expired", "{upload}", "Uploads that were removed after their time.");
        _resumed = meter.CreateCounter<long>(
            "mediaaspire.uploads.resumed", "{upload}", "Resumable uploads whose completion was begun again, because it may be lost.");
        _completions = meter.CreateHistogram<double>(
            "mediaaspire.uploads.completion.duration", "s", "Time of an attempt at making the result of a resumable upload.");
    }

    /// <summary>Records uploads that were removed after their time.</summary>
    /// <param name="uploads">Their number.</param>
    /// <param name="form">One of <see cref="UploadForms"/>.</param>
    public void Expired(long uploads, string form = UploadForms.InOrder) => _expired.Add(uploads, Form(form));

    public void Resumed(long uploads) => _resumed.Add(uploads);

    /// <summary>Records an upload that was created.</summary>
    /// <param name="form">One of <see cref="UploadForms"/>.</param>
    public void Created(string form = UploadForms.InOrder) => _created.Add(1, Form(form));

    /// <summary>Records a part of S3's protocol that is on stable storage.</summary>
    /// <param name="bytes">Its bytes.</param>
    public void ReceivedPart(long bytes) => _bytes.Add(bytes);

    internal void Appended(long bytes, AppendOutcome outcome)
    {
        _bytes.Add(bytes);
        _appends.Add(1, Outcome(NameOf(outcome)));
    }

    /// <summary>Records the end of an upload.</summary>
    /// <param name="outcome">completed, failed or cancelled.</param>
    /// <param name="form">One of <see cref="UploadForms"/>.</param>
    public void Ended(string outcome, string form = UploadForms.InOrder) => _ended.Add(1, Outcome(outcome), Form(form));

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

    private static KeyValuePair<string, object?> Form(string form) => new("mediaaspire.upload.form", form);

    private static KeyValuePair<string, object?> Outcome(string outcome) => new("mediaaspire.outcome", outcome);
}
