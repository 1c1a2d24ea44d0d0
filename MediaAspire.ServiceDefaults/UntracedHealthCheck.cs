using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpenTelemetry;

namespace MediaAspire.ServiceDefaults;

/// <summary>Runs a health check without traces. Checks run periodically, and their queries would hide the requests of users.</summary>
internal sealed class UntracedHealthCheck(IHealthCheck inner) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var suppressed = SuppressInstrumentationScope.Begin();
        return await inner.CheckHealthAsync(context, cancellationToken);
    }
}
