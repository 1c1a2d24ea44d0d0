using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MediaAspire.Core.Database;

/// <summary>Unhealthy while the process does not receive the signals of transactions.</summary>
internal sealed class DatabaseListenerHealthCheck(DatabaseListener listener) : IHealthCheck
{
    /// <inheritdoc />
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(listener.IsStuck
            ? new HealthCheckResult(
                context.Registration.FailureStatus,
                $"The database listener has not looked for signals for {listener.SinceLastLook.TotalSeconds:F0} s. It is connecting again.")
            : HealthCheckResult.Healthy());
}
