using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MediaAspire.Tests.Notifications;

/// <summary>An HTTP server that receives events.</summary>
internal sealed class TestTarget : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestTarget(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single() + "/events";

    /// <summary>Gets the received records in the order of their arrival, also of refused requests.</summary>
    public ConcurrentQueue<(string Key, string Sequencer)> Received { get; } = new();

    /// <summary>Gets the keys of the records of each request.</summary>
    public ConcurrentQueue<string[]> Requests { get; } = new();

    public ConcurrentQueue<string?> Authorizations { get; } = new();

    /// <summary>Gets or sets the status for the keys of a request.</summary>
    public Func<string[], Task<int>> Respond { get; set; } = _ => Task.FromResult(204);

    public static async Task<TestTarget> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var target = new TestTarget(app);
        app.Run(target.HandleAsync);
        await app.StartAsync();
        return target;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext http)
    {
        using var body = await JsonDocument.ParseAsync(http.Request.Body);
        var records = body.RootElement.GetProperty("Records").EnumerateArray()
            .Select(record => record.GetProperty("s3").GetProperty("object"))
            .Select(told => (Key: told.GetProperty("key").GetString()!, Sequencer: told.GetProperty("sequencer").GetString()!))
            .ToArray();
        Authorizations.Enqueue(http.Request.Headers.Authorization);
        Requests.Enqueue([.. records.Select(record => record.Key)]);
        foreach (var record in records)
        {
            Received.Enqueue(record);
        }

        http.Response.StatusCode = await Respond([.. records.Select(record => record.Key)]);
        if (http.Response.StatusCode is >= 300 and < 400)
        {
            http.Response.Headers.Location = "/elsewhere";
        }
    }
}
