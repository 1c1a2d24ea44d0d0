using MediaAspire.Core.Duties;
using MediaAspire.Core.Notifications;
using MediaAspire.Worker.Duties;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Notifications;

/// <summary>Sends the events of one target. Each target has a duty of its own, so that none waits for another.</summary>
/// <remarks>
/// An event is sent at least once: when a worker ends between the response and the record of it, another one sends it again.
/// </remarks>
internal sealed partial class NotificationDuty(
    string target,
    NotificationOutbox outbox,
    NotificationSender sender,
    NotificationMetrics metrics,
    IOptions<NotificationOptions> options,
    TimeProvider time,
    ILogger<NotificationDuty> logger) : IDuty
{
    // Events that each request under way may have behind it: enough to find keys for all, and few enough to be read often.
    private const int BatchesAhead = 8;

    private const int KeysOfOutage = 10;

    private static readonly TimeSpan s_idleInterval = TimeSpan.FromSeconds(30);

    private readonly NotificationTargetOptions _target = options.Value.Targets[target];

    public string Name { get; } = DutyNames.NotificationsTo(target);

    public TimeSpan Interval { get; private set; } = TimeSpan.Zero;

    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        var delivered = 0L;
        while (await RunRoundAsync(cancellationToken) is { } round)
        {
            delivered += round;
        }

        // A writer that saw others pending sent no signal, and may have committed after the last look.
        Interval = delivered > 0 || await outbox.HasPendingAsync(target, cancellationToken) ? options.Value.PollInterval : s_idleInterval;
        return delivered;
    }

    /// <returns>The delivered events; <see langword="null"/> when nothing more can be sent now.</returns>
    private async Task<long?> RunRoundAsync(CancellationToken cancellationToken)
    {
        var settings = options.Value;
        var events = await outbox.ReadDueAsync(target, settings.MaxConcurrency * settings.BatchSize * BatchesAhead, cancellationToken);
        if (events.Count == 0)
        {
            return null;
        }

        var (token, error) = await NotificationSender.ReadTokenAsync(_target, cancellationToken);
        if (error is not null)
        {
            await PauseAsync(error, cancellationToken);
            return null;
        }

        var round = new NotificationRound(
            (batch, ended) => sender.SendAsync(_target, token, batch, ended), SettleAsync, settings.MaxConcurrency, settings.BatchSize);
        await round.RunAsync(events, cancellationToken);
        if (round.Delivered > 0)
        {
            await outbox.RecordSuccessAsync(target, cancellationToken);
        }

        if (round.Unavailable is { } reason)
        {
            metrics.Failed(target);
            await PauseAsync(reason, cancellationToken);
            return null;
        }

        // A target that refuses everything is spared, too. A few refused keys do not make the others wait.
        if (round.Delivered == 0 && round.RefusedKeys >= KeysOfOutage)
        {
            metrics.Failed(target);
            await PauseAsync($"The target refused the events of {round.RefusedKeys} keys, and accepted none.", cancellationToken);
            return null;
        }

        return round.Delivered > 0 ? round.Delivered : null;
    }

    private async Task SettleAsync(IReadOnlyList<NotificationEvent> batch, SendResult result, CancellationToken cancellationToken)
    {
        if (result.Outcome == SendOutcome.Delivered)
        {
            await outbox.DeliverAsync(batch, cancellationToken);
            var now = time.GetUtcNow();
            metrics.Delivered(target, batch.Select(told => now - told.OccurredAt));
            return;
        }

        var settings = options.Value;
        metrics.Refused(target, batch.Count);
        var pause = RetryDelays.After(batch[0].Attempts, settings.FirstDelay, settings.LongestDelay);
        var dead = await outbox.RefuseAsync(batch, settings.MaxAttempts, pause, result.Error, cancellationToken);
        LogRefused(batch.Count, target, result.Error, pause);
        if (dead > 0)
        {
            metrics.Died(target, dead);
            LogDead(dead, target, settings.MaxAttempts);
        }
    }

    private async Task PauseAsync(string reason, CancellationToken cancellationToken)
    {
        var settings = options.Value;
        var failures = await outbox.RecordFailureAsync(
            target, settings.FirstDelay, settings.LongestDelay, reason, cancellationToken);
        if (failures == 1)
        {
            LogFailing(target, reason);
        }
        else
        {
            LogStillFailing(target, failures, reason);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Target {Target} of notifications failed: {Reason} Its events wait, and are sent again later")]
    private partial void LogFailing(string target, string reason);

    [LoggerMessage(LogLevel.Debug, "Target {Target} of notifications has failed {Failures} times in a row: {Reason}")]
    private partial void LogStillFailing(string target, int failures, string reason);

    [LoggerMessage(LogLevel.Debug, "{Events} events were refused by target {Target}: {Reason} They are sent again in {Pause}")]
    private partial void LogRefused(int events, string target, string reason, TimeSpan pause);

    [LoggerMessage(
        LogLevel.Error, "{Events} events for target {Target} are dead letters after {Attempts} refusals; an operator can replay them")]
    private partial void LogDead(int events, string target, int attempts);
}
