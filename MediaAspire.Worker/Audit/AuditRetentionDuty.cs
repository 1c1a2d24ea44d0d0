using MediaAspire.Core.Audit;
using MediaAspire.Core.Duties;
using MediaAspire.Worker.Duties;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Audit;

/// <summary>Removes the audit events of days that are older than the retention, and prepares the coming days.</summary>
internal sealed partial class AuditRetentionDuty(
    AuditStore store, IOptions<AuditRetentionOptions> options, ILogger<AuditRetentionDuty> logger) : IDuty
{
    // Events of a day without a partition are stored too, but are removed row by row.
    private const int DaysAhead = 7;

    public string Name => DutyNames.Audit;

    public TimeSpan Interval => options.Value.RetentionInterval;

    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        var (created, removed) = await store.KeepAsync(options.Value.Retention, DaysAhead, cancellationToken);
        if (removed > 0)
        {
            LogRemoved(removed, options.Value.Retention);
        }

        return created + removed;
    }

    [LoggerMessage(LogLevel.Information, "Removed the audit events of {Days} days, which are older than {Retention}")]
    private partial void LogRemoved(int days, TimeSpan retention);
}
