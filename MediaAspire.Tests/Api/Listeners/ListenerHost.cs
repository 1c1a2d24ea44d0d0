using MediaAspire.Api.Listeners;
using MediaAspire.Api.Problems;
using MediaAspire.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace MediaAspire.Tests.Api.Listeners;

/// <summary>A few routes behind the API's own listeners, on two ports.</summary>
internal sealed class ListenerHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ListenerHost(WebApplication app, int http, int admin)
    {
        _app = app;
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{http}") };
        Admin = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{admin}") };
    }

    public HttpClient Http { get; }

    public HttpClient Admin { get; }

    /// <summary>Gets the number of requests that have reached a route that changes something.</summary>
    public int Changes { get; private set; }

    /// <summary>Gets the warnings that the process logged.</summary>
    public RecordedWarnings Warnings { get; private init; } = null!;

    /// <param name="hasAdmin">Sets <c>Admin:Port</c>.</param>
    /// <param name="settings">Further settings.</param>
    public static async Task<ListenerHost> StartAsync(bool hasAdmin = true, params (string Key, string Value)[] settings)
    {
        var (http, admin) = (FreePorts.Next(), FreePorts.Next());
        var warnings = new RecordedWarnings();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.Configuration["Admin:Port"] = hasAdmin ? $"{admin}" : null;
        builder.Logging.ClearProviders().AddProvider(warnings);
        builder.WebHost.UseUrls($"http://127.0.0.1:{http}", $"http://127.0.0.1:{admin}");
        builder.AddListeners();
        builder.AddProblems();

        var app = builder.Build();
        app.UseTrustedProxies();
        app.UseProblems();
        app.UseListeners();
        app.UseRouting();
        var host = new ListenerHost(app, http, admin) { Warnings = warnings };
        app.MapMethods("/files", ["POST", "PUT", "PATCH", "DELETE"], () => ++host.Changes);
        app.MapMethods("/files", ["GET", "HEAD", "OPTIONS"], () => "a list");
        app.MapGet("/fault", string () => throw new InvalidOperationException("on purpose"));
        app.MapGet("/caller", (HttpContext context) => $"{context.Request.Scheme} {context.Connection.RemoteIpAddress}");
        app.MapGet("/metrics", () => "figures");
        app.MapGet("/openapi/v1.json", () => "a document");
        app.MapGet("/scalar/{page?}", () => "a page");
        app.MapGet("/admin/nodes", () => "nodes");
        app.MapPost("/admin/nodes/{node}/drain", () => ++host.Changes);
        await app.StartAsync();
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Admin.Dispose();
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }
}
