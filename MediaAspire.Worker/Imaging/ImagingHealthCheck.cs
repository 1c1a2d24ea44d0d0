using MediaAspire.Worker.Imaging.Protocol;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MediaAspire.Worker.Imaging;

/// <summary>Degraded while no image process can be started, or a program for videos is missing.</summary>
internal sealed class ImagingHealthCheck(ImageProcessPool pool, BoundedProgram videos) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var hello = await pool.StartAsync(cancellationToken);
            videos.Locate();
            return HealthCheckResult.Healthy($"libvips {hello.Version}, {Reach(hello)}");
        }
        catch (Exception exception) when (exception is ImageToolMissingException or ImageProcessEndedException or IOException)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, exception.Message);
        }
    }

    private static string Reach(ProcessHello hello) => (hello.HasFiles, hello.HasNetwork) switch
    {
        (false, false) => "confined",
        (true, false) => "can read all files of this user",
        (false, true) => "can open connections",
        _ => "not confined",
    };
}
