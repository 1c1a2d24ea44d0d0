using MediaAspire.Storage.Membership;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MediaAspire.Storage.Health;

/// <summary>Healthy once the cluster has the node on record; nobody sends it chunks before.</summary>
internal sealed class MembershipHealthCheck(RegistrationService registration) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(registration.IsRegistered ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The node is not registered yet."));
}
