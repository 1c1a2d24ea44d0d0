using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace MediaAspire.ServiceDefaults;

/// <summary>Metrics for scraping; also traces, metrics and logs for an OTLP receiver, if one is configured.</summary>
public static class TelemetryExtensions
{
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    // The sources of .NET, Npgsql and gRPC, and our own.
    private static readonly string[] s_sources =
        ["Microsoft.AspNetCore", "System.Net.Http", "Grpc.Net.Client", "Npgsql", "MediaAspire.*"];

    /// <summary>
    /// Adds metrics, which <c>/metrics</c> serves to any scraper. If <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names a receiver, also adds traces,
    /// logs and the export of all three.
    /// </summary>
    /// <remarks>Call this before adding the clients of PostgreSQL and Redis, which read the settings that it changes.</remarks>
    public static TBuilder AddTelemetry<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.AddScrapedMetrics();

        if (string.IsNullOrWhiteSpace(builder.Configuration[OtlpEndpoint]))
        {
            // Without this, Aspire's clients register a tracer of their own, and a span costs as much as a small request.
            builder.Configuration.AddInMemoryCollection(
            [
                new("Aspire:Npgsql:DisableTracing", "true"),
                new("Aspire:StackExchange:Redis:DisableTracing", "true"),
            ]);
            return builder;
        }

        // With this switch off, ASP.NET Core 10 writes the tags of the semantic conventions itself; 11 does so by default.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);

        builder.Services.AddTransient<IStartupFilter, RequestSpans>();
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });
        builder.Services.AddOpenTelemetry()
            .WithTracing(tracing => tracing
                .AddSource(s_sources)
                .ConfigureSampler((_, configured) => new TraceNoiseSampler(configured))
                .AddProcessor(new RedisHousekeepingFilter()))
            .UseOtlpExporter();

        return builder;
    }
}
