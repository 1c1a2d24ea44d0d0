using MediaAspire.Core.Cluster;
using MediaAspire.Core.Duties;
using MediaAspire.Core.Media.Uploads;
using MediaAspire.Worker.Duties;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.MediaUploads;

/// <summary>Compares the catalog with the object store, at an interval and when an operator asks for it.</summary>
internal sealed partial class MediaAuditDuty(
    MediaAuditLedger ledger,
    BucketMark mark,
    ObjectAudit audit,
    DatabaseRestores restores,
    MediaUploadMetrics metrics,
    IOptions<MediaUploadWorkOptions> options,
    ILogger<MediaAuditDuty> logger) : IDuty
{
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMinutes(1);

    public string Name => DutyNames.MediaAudit;

    // The ledger says when an audit is due, also after a change of the worker that leads.
    public TimeSpan Interval => options.Value.AuditInterval < s_longestPause ? options.Value.AuditInterval : s_longestPause;

    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        if (await restores.IsOpenAsync(cancellationToken)
            || await ledger.TryStartAsync(options.Value.AuditInterval, options.Value.AuditDryRun, cancellationToken) is not { } run)
        {
            return 0;
        }

        var findings = new AuditFindings();
        string? error = null;
        try
        {
            error = await mark.CheckAsync(cancellationToken);
            if (error is null)
            {
                await audit.RunAsync(options.Value.AuditGrace, run.IsDryRun, progress => findings = progress, cancellationToken);
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // Recorded for operators; the runner logs it and runs the duty again.
            await ledger.RecordEndAsync(run.Id, findings, failure.Message, cancellationToken);
            throw;
        }

        await ledger.RecordEndAsync(run.Id, findings, error, cancellationToken);
        metrics.Audited(findings);
        if (error is not null)
        {
            LogRefused(error);
        }
        else if (findings.Missing > 0)
        {
            LogMissing(findings.Missing, findings.FailedItems, findings.MissingKeys.Count > 0 ? findings.MissingKeys[0] : "");
        }

        if (findings.Orphans > 0)
        {
            LogOrphans(findings.Orphans, findings.OrphanBytes, run.IsDryRun);
        }

        return findings.Objects;
    }

    [LoggerMessage(LogLevel.Error, "The object store was not audited: {Reason}")]
    private partial void LogRefused(string reason);

    [LoggerMessage(
        LogLevel.Error, "The object store lacks {Objects} objects of the catalog; {Items} items are failed now. The first is {ObjectKey}")]
    private partial void LogMissing(long objects, long items, string objectKey);

    [LoggerMessage(
        LogLevel.Warning, "The object store had {Objects} objects with {Bytes} bytes that nothing refers to; dry run: {IsDryRun}")]
    private partial void LogOrphans(long objects, long bytes, bool isDryRun);
}
