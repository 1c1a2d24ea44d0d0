using MediaAspire.Core.Duties;
using MediaAspire.Core.Quotas;
using MediaAspire.Worker.Duties;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Quotas;

/// <summary>Counts the stored content of quotas that were just set, and audits the usage of the others.</summary>
internal sealed partial class QuotaDuty(
    QuotaCounter counter, QuotaMetrics metrics, IOptions<QuotaOptions> options, TimeProvider time, ILogger<QuotaDuty> logger) : IDuty
{
    private const int PageSize = 100;

    private long? _auditedAt;

    public string Name => DutyNames.Quotas;

    public TimeSpan Interval => options.Value.Interval;

    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        // A signal comes with every quota that is set; the others are not audited each time.
        var audits = _auditedAt is not { } before || time.GetElapsedTime(before) >= options.Value.Interval;
        var done = 0L;
        IReadOnlyList<(Guid Id, bool IsCounting)> page = [];
        do
        {
            page = await counter.ListAsync(page.Count == 0 ? Guid.Empty : page[^1].Id, PageSize, cancellationToken);
            foreach (var (id, isCounting) in page)
            {
                if (isCounting)
                {
                    await counter.CountAsync(id, cancellationToken);
                    LogCounted(id);
                    done++;
                }
                else if (audits)
                {
                    await AuditAsync(id, cancellationToken);
                    done++;
                }
            }
        }
        while (page.Count == PageSize);

        if (audits)
        {
            _auditedAt = time.GetTimestamp();
        }

        return done;
    }

    private async Task AuditAsync(Guid quota, CancellationToken cancellationToken)
    {
        var drift = await counter.AuditAsync(quota, cancellationToken);
        metrics.Audited(drift);
        if (drift != default)
        {
            LogDrift(quota, drift.Bytes, drift.Objects);
        }
    }

    [LoggerMessage(LogLevel.Information, "Counted the stored content of quota {Quota}; it is in force")]
    private partial void LogCounted(Guid quota);

    [LoggerMessage(
        LogLevel.Error,
        "The usage of quota {Quota} differed from a full count by {Bytes} bytes and {Objects} objects, and was corrected. Report this")]
    private partial void LogDrift(Guid quota, long bytes, long objects);
}
