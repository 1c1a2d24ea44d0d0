using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpenTelemetry;

namespace MediaAspire.ServiceDefaults;

/// <summary>Runs a health check without traces: nobody asked for a check that runs by the clock, and its queries would bury what users asked for.</summary>
internal sealed class UntracedHealthCheck(IHealthCheck inner) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var suppressed = SuppressInstrumentationScope.Begin();
        return await inner.CheckHealthAsync(context, cancellationToken);
    }
}
