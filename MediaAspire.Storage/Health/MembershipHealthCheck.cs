using MediaAspire.Storage.Membership;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MediaAspire.Storage.Health;

/// <summary>A health check that the node is registered, which reports the reason of a refusal. Before that it gets no chunks.</summary>
internal sealed class MembershipHealthCheck(RegistrationService registration) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            !registration.IsRegistered ? HealthCheckResult.Unhealthy(registration.Refusal ?? "The node is not registered yet.")
            : registration.IsRestoreOpen ? HealthCheckResult.Degraded(
                "The database was restored from a backup, and nothing is deleted until that is settled. GET /admin/cluster explains it.")
            : HealthCheckResult.Healthy());
}
