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

    public static TBuilder AddTelemetry<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        // ASP.NET Core 10 writes the semantic conventions' tags itself once this is off; 11 does so by default.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);

        builder.Services.AddTransient<IStartupFilter, RequestSpans>();
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });

        var telemetry = builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter(s_meters));
        if (!string.IsNullOrWhiteSpace(builder.Configuration[OtlpEndpoint]))
        {
            // Without a receiver nobody would see the spans, and making them costs as much as a small request.
            telemetry.WithTracing(tracing => tracing.AddSource(s_sources).AddProcessor(new HealthProbeFilter())).UseOtlpExporter();
        }

        return builder;
    }
}
