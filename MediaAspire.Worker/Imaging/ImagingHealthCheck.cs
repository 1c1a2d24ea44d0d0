using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MediaAspire.Worker.Imaging;

/// <summary>Degraded while no image process can be started.</summary>
internal sealed class ImagingHealthCheck(ImageProcessPool pool) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var hello = await pool.StartAsync(cancellationToken);
            return HealthCheckResult.Healthy($"libvips {hello.Version}");
        }
        catch (Exception exception) when (exception is ImageToolMissingException or ImageProcessEndedException)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, exception.Message);
        }
    }
}
