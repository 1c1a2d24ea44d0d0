using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using MediaAspire.Core.Cluster;
using MediaAspire.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace MediaAspire.Tests.ServiceDefaults;

/// <summary>A process with the product's own tracing, whose spans a test reads like a receiver.</summary>
internal sealed class TracedApp : IAsyncDisposable
{
    /// <summary>A source that the product listens to.</summary>
    public static readonly ActivitySource Source = new("MediaAspire.Test");

    private readonly WebApplication _app;
    private readonly Exporter _exporter;

    private TracedApp(WebApplication app, Exporter exporter)
    {
        _app = app;
        _exporter = exporter;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "the-token");
    }

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<TracedApp> StartAsync(Action<WebApplication>? map = null, Action<WebApplicationBuilder>? add = null)
    {
        var exporter = new Exporter();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");

        // Nothing listens there; tests read the spans from a second exporter. Aspire's AppHost sets the sampler.
        builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1";
        builder.Configuration["OTEL_TRACES_SAMPLER"] = "always_on";
        builder.AddServiceDefaults();
        builder.AddDiagnosticsToken<ClusterOptions>(_ => ["the-token"]);
        builder.Services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddProcessor(new SimpleActivityExportProcessor(exporter)));
        add?.Invoke(builder);
        var app = builder.Build();
        app.MapDefaultEndpoints();
        map?.Invoke(app);
        await app.StartAsync();
        return new TracedApp(app, exporter);
    }

    /// <summary>Gets the spans of a trace that were recorded so far.</summary>
    public List<Activity> SpansOf(ActivityTraceId trace) => [.. _exporter.Spans.Where(span => span.TraceId == trace)];

    /// <summary>Gets the names of all spans with a tag that were recorded so far.</summary>
    public List<Activity> SpansWith(string tag, object value) => [.. _exporter.Spans.Where(span => Equals(span.GetTagItem(tag), value))];

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    private sealed class Exporter : BaseExporter<Activity>
    {
        public ConcurrentQueue<Activity> Spans { get; } = [];

        public override ExportResult Export(in Batch<Activity> batch)
        {
            foreach (var span in batch)
            {
                Spans.Enqueue(span);
            }

            return ExportResult.Success;
        }
    }
}
