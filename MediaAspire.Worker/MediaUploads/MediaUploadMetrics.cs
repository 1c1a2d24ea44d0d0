using System.Diagnostics.Metrics;
using MediaAspire.Core.Media.Uploads;

namespace MediaAspire.Worker.MediaUploads;

/// <summary>
/// Instruments of the work on uploaded objects. The names are part of the operator contract: see docs/operations/metrics.md.
/// </summary>
public sealed class MediaUploadMetrics
{
    public const string MeterName = "MediaAspire.MediaUploads";

    private readonly Histogram<double> _verifications;
    private readonly Counter<long> _deleted;
    private readonly Counter<long> _failed;
    private long _scheduled;
    private long _failing;
    private AuditFindings _findings = new();

    public MediaUploadMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);

        var meter = meters.Create(MeterName);
        _verifications = meter.CreateHistogram<double>(
            "mediaaspire.media.verify.duration", "s",
            "Time to copy and hash a part that the object store gave no checksum for, by outcome.");
        _deleted = meter.CreateCounter<long>(
            "mediaaspire.media.objects.deleted", "{object}", "Objects that were deleted from the object store.");
        _failed = meter.CreateCounter<long>(
            "mediaaspire.media.objects.deletion_failures", "{attempt}", "Attempts to delete an object that the store refused.");
        meter.CreateObservableGauge(
            "mediaaspire.media.objects.scheduled", () => Volatile.Read(ref _scheduled), "{object}",
            "Objects that wait for their deletion.");
        meter.CreateObservableGauge(
            "mediaaspire.media.objects.failing", () => Volatile.Read(ref _failing), "{object}", "Objects whose last deletion failed.");
        meter.CreateObservableGauge(
            "mediaaspire.media.audit.orphans", () => Volatile.Read(ref _findings).Orphans, "{object}",
            "Objects that nothing refers to, in the last audit.");
        meter.CreateObservableGauge(
            "mediaaspire.media.audit.missing", () => Volatile.Read(ref _findings).Missing, "{object}",
            "Objects of the catalog that the store does not have, in the last audit.");
    }

    internal void Verified(VerifyOutcome outcome, TimeSpan elapsed) => _verifications.Record(
        elapsed.TotalSeconds, new KeyValuePair<string, object?>("mediaaspire.outcome", NameOf(outcome)));

    internal void Deleted() => _deleted.Add(1);

    internal void DeletionFailed() => _failed.Add(1);

    internal void Waiting(long scheduled, long failing)
    {
        Volatile.Write(ref _scheduled, scheduled);
        Volatile.Write(ref _failing, failing);
    }

    internal void Audited(AuditFindings findings) => Volatile.Write(ref _findings, findings);

    private static string NameOf(VerifyOutcome outcome) => outcome switch
    {
        VerifyOutcome.Verified => "verified",
        VerifyOutcome.Refused => "refused",
        VerifyOutcome.Missing => "missing",
        _ => "not_wanted",
    };
}
