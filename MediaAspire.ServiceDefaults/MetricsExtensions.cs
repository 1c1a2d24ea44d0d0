using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;

namespace MediaAspire.ServiceDefaults;

/// <summary>The process's metrics in the Prometheus text format: <c>/metrics</c>. docs/operations/metrics.md lists them.</summary>
public static class MetricsExtensions
{
    /// <summary>The path at which metrics are scraped.</summary>
    internal const string Path = "/metrics";

    private const string OwnMeters = "MediaAspire.";

    // The meters of .NET and Npgsql, and our own.
    private static readonly string[] s_meters =
    [
        "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime", "Npgsql",
        OwnMeters + "*",
    ];

    // From a chunk in the page cache to a walk over the whole cluster. OpenTelemetry's defaults are for milliseconds.
    private static readonly double[] s_seconds =
        [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200];

    /// <summary>Maps <c>/metrics</c>, for the requests that <see cref="IDiagnosticsAccess"/> allows.</summary>
    /// <param name="app">The process.</param>
    /// <param name="policy">The policy that it requires; <see langword="null"/> in a process without authorization.</param>
    public static WebApplication MapMetrics(this WebApplication app, string? policy = null)
    {
        var metrics = app.MapPrometheusScrapingEndpoint(
            Path, meterProvider: null, branch => branch.Use(CheckAccessAsync), optionsName: null).DisableHttpMetrics();
        if (policy is not null)
        {
            metrics.RequireAuthorization(policy);
        }

        return app;
    }

    /// <summary>Observes the meters of this process; pairs with <see cref="MapMetrics"/>.</summary>
    internal static void AddScrapedMetrics(this IHostApplicationBuilder builder) =>
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(s_meters)
            .AddView(SecondsView)
            .AddPrometheusExporter());

    private static async Task CheckAccessAsync(HttpContext context, RequestDelegate next)
    {
        if (context.RequestServices.GetService<IDiagnosticsAccess>() is { } access && await access.AllowsAsync(context))
        {
            await next(context);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = "Bearer";
    }

    private static ExplicitBucketHistogramConfiguration? SecondsView(Instrument instrument) =>
        instrument.Meter.Name.StartsWith(OwnMeters, StringComparison.Ordinal) && instrument is Histogram<double> { Unit: "s" }
            ? new ExplicitBucketHistogramConfiguration { Boundaries = s_seconds }
            : null;
}
