using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MediaAspire.Core.Media.Redis;

/// <summary>A health check that the catalog is read from Redis. Without it the process is degraded: PostgreSQL answers.</summary>
internal sealed class MetadataHealthCheck(GenerationLease lease) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            lease.FindHot() is not null ? HealthCheckResult.Healthy()
            : HealthCheckResult.Degraded(
                $"PostgreSQL serves every read of the catalog. {lease.Last?.Reason ?? "The state of Redis is not known yet."}"));
}
