using MediaAspire.Storage.Membership;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MediaAspire.Storage.Health;

/// <summary>Healthy while the cluster has the node on record; it is sent no chunks before. Gives the reason of a refusal.</summary>
internal sealed class MembershipHealthCheck(RegistrationService registration) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(registration.IsRegistered
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy(registration.Refusal ?? "The node is not registered yet."));
}
