using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace MediaAspire.ServiceDefaults;

/// <summary>Health endpoints: <c>/health</c> checks every dependency, <c>/alive</c> only the process itself.</summary>
/// <remarks>The response is the word of the status, with details where <see cref="IDiagnosticsAccess"/> allows them.</remarks>
public static class HealthExtensions
{
    private const string LiveTag = "live";

    // Below the five seconds after which most probes time out, so that the response arrives and names the dependency that hangs.
    private static readonly TimeSpan s_checkTimeout = TimeSpan.FromSeconds(3);

    public static TBuilder AddHealth<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [LiveTag]);
        builder.Services.PostConfigure<HealthCheckServiceOptions>(options =>
        {
            foreach (var registration in options.Registrations)
            {
                registration.Timeout = registration.Timeout == Timeout.InfiniteTimeSpan ? s_checkTimeout : registration.Timeout;
                var factory = registration.Factory;
                registration.Factory = services => new UntracedHealthCheck(factory(services));
            }
        });

        return builder;
    }

    /// <summary>Maps both endpoints, which any client may read.</summary>
    public static WebApplication MapHealth(this WebApplication app)
    {
        app.MapHealthChecks("/health", new HealthCheckOptions { ResponseWriter = HealthReportWriter.WriteAsync })
            .DisableHttpMetrics()
            .AllowAnonymous();
        app.MapHealthChecks("/alive", new HealthCheckOptions
        {
            Predicate = check => check.Tags.Contains(LiveTag),
            ResponseWriter = HealthReportWriter.WriteAsync,
        }).DisableHttpMetrics().AllowAnonymous();

        return app;
    }
}
