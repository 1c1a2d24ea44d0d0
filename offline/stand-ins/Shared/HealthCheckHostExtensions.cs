using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Aspire;

internal static class HealthCheckHostExtensions
{
    /// <summary>Adds the health check unless one of the same name was added to this host before.</summary>
    public static void TryAddHealthCheck(this IHostApplicationBuilder builder, HealthCheckRegistration registration)
    {
        if (builder.Properties.TryAdd($"Aspire.HealthChecks.{registration.Name}", true))
        {
            builder.Services.AddHealthChecks().Add(registration);
        }
    }
}
