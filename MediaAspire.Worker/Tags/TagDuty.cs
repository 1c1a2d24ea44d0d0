using MediaAspire.Core.Duties;
using MediaAspire.Core.Tags;
using MediaAspire.Worker.Duties;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Tags;

/// <summary>Folds the counters of tags and audits them, and resumes renames whose job was lost.</summary>
internal sealed partial class TagDuty(
    TagCounter counter,
    TagChanges changes,
    TagRenamer renamer,
    TagMetrics metrics,
    IOptions<TagOptions> options,
    TimeProvider time,
    ILogger<TagDuty> logger) : IDuty
{
    private const int BatchSize = 10_000;

    // A running job makes progress several times a second.
    private static readonly TimeSpan s_stalledAfter = TimeSpan.FromMinutes(5);

    // Clients may look for the end of a change for so long.
    private static readonly TimeSpan s_forgottenAfter = TimeSpan.FromDays(7);

    private long? _auditedAt;

    public string Name => DutyNames.Tags;

    public TimeSpan Interval => options.Value.TagFoldInterval;

    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        var folded = await Batches.RunAllAsync(BatchSize, counter.FoldAsync, cancellationToken);
        metrics.Folded(folded);
        if (await renamer.ResumeAsync(s_stalledAfter, cancellationToken) is > 0 and var resumed)
        {
            LogResumed(resumed);
        }

        if (_auditedAt is not { } before || time.GetElapsedTime(before) >= options.Value.TagAuditInterval)
        {
            await AuditAsync(cancellationToken);
            await changes.ForgetAsync(s_forgottenAfter, cancellationToken);
            _auditedAt = time.GetTimestamp();
        }

        return folded;
    }

    private async Task AuditAsync(CancellationToken cancellationToken)
    {
        var wrong = await counter.AuditAsync(cancellationToken);
        metrics.Audited(wrong);
        if (wrong > 0)
        {
            LogDrift(wrong);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Enqueued {Changes} changes of tags again, which made no progress for some minutes")]
    private partial void LogResumed(int changes);

    [LoggerMessage(LogLevel.Error, "The counters of {Tags} tags differed from a full count, and were corrected. Report this")]
    private partial void LogDrift(long tags);
}
