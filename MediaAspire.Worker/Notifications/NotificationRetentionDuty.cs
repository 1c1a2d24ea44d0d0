using MediaAspire.Core.Duties;
using MediaAspire.Core.Notifications;
using MediaAspire.Worker.Duties;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Notifications;

/// <summary>Bounds the events of every target, also of those that the settings no longer have, and measures what waits.</summary>
internal sealed partial class NotificationRetentionDuty(
    NotificationQueries queries,
    NotificationRetention retention,
    NotificationMetrics metrics,
    IOptions<NotificationOptions> options,
    ILogger<NotificationRetentionDuty> logger) : IDuty
{
    public string Name => DutyNames.Notifications;

    public TimeSpan Interval => options.Value.RetentionInterval;

    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        var changed = 0L;
        foreach (var state in await queries.ReadStatesAsync(cancellationToken))
        {
            metrics.Measured(state.Target, state.Pending, state.Dead);
            var trim = await retention.TrimAsync(state.Target, cancellationToken);
            changed += trim.Died + trim.Lost + trim.Removed;
            if (trim.Died > 0)
            {
                metrics.Died(state.Target, trim.Died);
                LogDied(trim.Died, state.Target);
            }

            if (trim.Lost > 0)
            {
                metrics.Lost(state.Target, trim.Lost);
                LogLost(trim.Lost, state.Target);
            }
        }

        return changed;
    }

    [LoggerMessage(
        LogLevel.Error,
        "{Events} events for target {Target} became dead letters: they were older than Notifications:MaxAge, or more than "
        + "Notifications:MaxPending waited")]
    private partial void LogDied(long events, string target);

    [LoggerMessage(
        LogLevel.Error,
        "Removed {Events} dead letters of target {Target}: they were older than Notifications:DeadRetention, or more than "
        + "Notifications:MaxDead")]
    private partial void LogLost(long events, string target);
}
