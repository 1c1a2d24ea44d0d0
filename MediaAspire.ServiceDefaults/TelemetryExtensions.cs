using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace MediaAspire.ServiceDefaults;

/// <summary>Traces, metrics and logs by OpenTelemetry, sent to the OTLP endpoint that the AppHost names.</summary>
public static class TelemetryExtensions
{
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    // What .NET itself, Npgsql and gRPC emit; docs/operations/metrics.md lists our own, all under one prefix.
    private static readonly string[] s_sources =
        ["Microsoft.AspNetCore", "System.Net.Http", "Grpc.Net.Client", "Npgsql", "MediaAspire.*"];

    private static readonly string[] s_meters =
    [
        "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime", "Npgsql", "MediaAspire.*",
    ];

    /// <summary>Adds traces, metrics and logs where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names their receiver, and nothing elsewhere.</summary>
    public static TBuilder AddTelemetry<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        // Without a receiver nobody would see any of it, and making it costs as much as a small request.
        if (string.IsNullOrWhiteSpace(builder.Configuration[OtlpEndpoint]))
        {
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
            .WithMetrics(metrics => metrics.AddMeter(s_meters))
            .WithTracing(tracing => tracing.AddSource(s_sources).AddProcessor(new HealthProbeFilter()))
            .UseOtlpExporter();

        return builder;
    }
}
