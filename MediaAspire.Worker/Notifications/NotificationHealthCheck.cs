using MediaAspire.Core.Notifications;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MediaAspire.Worker.Notifications;

/// <summary>Degraded while a configured target has failed for longer than <see cref="Patience"/>.</summary>
internal sealed class NotificationHealthCheck(NotificationQueries queries, IReadOnlyCollection<string> targets) : IHealthCheck
{
    public static TimeSpan Patience { get; } = TimeSpan.FromMinutes(1);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var failing = (await queries.ReadFailingAsync(cancellationToken))
            .Where(target => target.FailingFor > Patience && targets.Contains(target.Target))
            .Select(target =>
                $"Target '{target.Target}' of notifications has failed for {target.FailingFor:d\\.hh\\:mm\\:ss}: {target.Error}")
            .ToList();
        return failing.Count == 0
            ? HealthCheckResult.Healthy()
            : new HealthCheckResult(context.Registration.FailureStatus, string.Join(' ', failing));
    }
}
