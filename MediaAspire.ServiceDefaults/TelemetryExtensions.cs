using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace MediaAspire.ServiceDefaults;

/// <summary>Metrics for scraping, and traces, metrics and logs sent to an OTLP receiver where one is configured.</summary>
public static class TelemetryExtensions
{
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    // What .NET itself, Npgsql and gRPC emit, and our own.
    private static readonly string[] s_sources =
        ["Microsoft.AspNetCore", "System.Net.Http", "Grpc.Net.Client", "Npgsql", "MediaAspire.*"];

    /// <summary>
    /// Adds metrics always, as <c>/metrics</c> serves them to any scraper; adds traces, logs and the export of all three only where
    /// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names a receiver.
    /// </summary>
    /// <remarks>Must come before the clients of PostgreSQL and Redis, which read here whether spans are wanted.</remarks>
    public static TBuilder AddTelemetry<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.AddScrapedMetrics();

        if (string.IsNullOrWhiteSpace(builder.Configuration[OtlpEndpoint]))
        {
            // A span that nobody receives costs as much as a small request. Without this, Aspire's clients register a tracer of their own.
            builder.Configuration.AddInMemoryCollection(
            [
                new("Aspire:Npgsql:DisableTracing", "true"),
                new("Aspire:StackExchange:Redis:DisableTracing", "true"),
            ]);
            return builder;
        }

        // ASP.NET Core 10 writes the semantic conventions' tags itself once this is off; 11 does so by default.
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
