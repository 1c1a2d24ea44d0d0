using MediaAspire.Storage.Chunks;
using MediaAspire.Storage.Volumes;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace MediaAspire.Storage.Health;

/// <summary>A health check of the data directory: unhealthy when it is not writable, degraded when only its reserve is left.</summary>
internal sealed class DataDirectoryHealthCheck(ChunkStore store, IOptions<StorageOptions> options) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var probe = Path.Combine(options.Value.DataDirectory, "probe");
        try
        {
            await File.WriteAllBytesAsync(probe, "writable"u8.ToArray(), cancellationToken);
            PrivateFiles.Protect(probe);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException && store.AvailableBytes > 0)
        {
            return HealthCheckResult.Unhealthy($"The data directory is not writable: {exception.Message}");
        }

        return store.AvailableBytes > 0
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Degraded("Only the reserved space is left; new chunks are refused.");
    }
}
