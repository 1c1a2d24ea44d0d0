using MediaAspire.Core.Chunks;
using MediaAspire.Core.Cluster;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Files;

/// <summary>A health check that enough storage servers accept chunks for all copies of a new file.</summary>
internal sealed class FileStoreHealthCheck(ClusterView cluster, IOptions<ChunkOptions> options) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var snapshot = await cluster.GetAsync(cancellationToken);
        var ring = await cluster.GetRingAsync(options.Value.Copies, cancellationToken);
        var placeable = ring.Servers.Length;
        var present = snapshot.Servers.Count(server => server.Status != ServerStatus.Removed);
        var description = $"{placeable} of {present} storage servers accept chunks; {options.Value.Copies} copies are wanted.";

        return placeable >= options.Value.Copies ? HealthCheckResult.Healthy(description)
            : placeable > 0 ? HealthCheckResult.Degraded(description)
            : HealthCheckResult.Unhealthy(description);
    }
}
