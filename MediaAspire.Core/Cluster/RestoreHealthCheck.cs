using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MediaAspire.Core.Cluster;

/// <summary>A health check that no restore of the database is open: degraded, because files can be read and written.</summary>
internal sealed class RestoreHealthCheck(ClusterView cluster) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var history = (await cluster.GetAsync(cancellationToken)).History;
        return history is { OpenRestores: [var first, ..] }
            ? HealthCheckResult.Degraded(first.Describe())
            : HealthCheckResult.Healthy();
    }
}
