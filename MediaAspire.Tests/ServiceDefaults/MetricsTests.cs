using System.Diagnostics.Metrics;
using System.Net.Http.Headers;
using MediaAspire.Core.Cluster;
using MediaAspire.ServiceDefaults;
using MediaAspire.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Trace;

namespace MediaAspire.Tests.ServiceDefaults;

/// <summary>The metrics of a process without an OTLP receiver.</summary>
[Collection(TelemetryGroup.Name)]
public sealed class MetricsTests
{
    [Fact]
    public async Task Metrics_WithoutAReceiver_AreServedToAScraper()
    {
        await using var app = await StartAsync(_ => { });
        var meter = app.Services.GetRequiredService<IMeterFactory>().Create("MediaAspire.Test");
        meter.CreateCounter<long>("mediaaspire.test.written", "By").Add(42);
        meter.CreateHistogram<double>("mediaaspire.test.duration", "s").Record(0.004, new KeyValuePair<string, object?>("tag.name", "ok"));
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "the-token");
        foreach (var path in (string[])["/work", "/health", "/alive", "/metrics"])
        {
            await client.GetStringAsync(new Uri(path, UriKind.Relative));
        }

        var lines = (await client.GetStringAsync(new Uri("/metrics", UriKind.Relative))).Split('\n');

        Assert.Contains(lines, line => Is(line, "mediaaspire_test_written_bytes_total", "42"));
        Assert.Contains(lines, line => Is(line, "mediaaspire_test_duration_seconds_bucket", "1", "le=\"0.005\"", "tag_name=\"ok\""));
        Assert.Contains(lines, line => Is(line, "mediaaspire_test_duration_seconds_bucket", "0", "le=\"0.0025\""));
        Assert.Contains(lines, line => line.StartsWith("dotnet_process_memory_working_set_bytes", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("kestrel_active_connections", StringComparison.Ordinal));

        // Probes and scrapes do not count as requests.
        var requests = lines.Where(line => line.StartsWith("http_server_request_duration_seconds_count", StringComparison.Ordinal));
        Assert.Contains("http_route=\"/work\"", Assert.Single(requests), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Spans_WithoutAReceiver_AreNotMade()
    {
        await using var app = await StartAsync(builder =>
        {
            builder.Configuration["ConnectionStrings:db"] = "Host=127.0.0.1;Port=1";
            builder.Configuration["ConnectionStrings:redis"] = "127.0.0.1:1,abortConnect=false,connectTimeout=100";
            builder.AddNpgsqlDataSource("db");
            builder.AddRedisClient("redis");
        });

        Assert.Null(app.Services.GetService<TracerProvider>());
    }

    private static bool Is(string line, string name, string value, params string[] labels) =>
        line.StartsWith(name, StringComparison.Ordinal)
        && line.Split(' ')[1] == value
        && labels.All(label => line.Contains(label, StringComparison.Ordinal));

    private static async Task<WebApplication> StartAsync(Action<WebApplicationBuilder> configure)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddServiceDefaults();
        builder.AddDiagnosticsToken<ClusterOptions>(_ => ["the-token"]);
        configure(builder);
        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapGet("/work", () => "done");
        await app.StartAsync();
        return app;
    }
}
