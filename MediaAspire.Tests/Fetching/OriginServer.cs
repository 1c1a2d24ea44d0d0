using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MediaAspire.Tests.Fetching;

/// <summary>A web server of somebody else, on a loopback address and a random port.</summary>
internal sealed class OriginServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<string> _requests = new();

    private OriginServer(WebApplication app) => _app = app;

    public int Port { get; private set; }

    /// <summary>Gets the requests so far, as host and path.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    public static async Task<OriginServer> StartAsync(
        RequestDelegate handle, string address = "127.0.0.1", X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Parse(address), 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        var app = builder.Build();
        var server = new OriginServer(app);
        app.Run(context =>
        {
            server._requests.Enqueue($"{context.Request.Host.Host}{context.Request.Path}");
            return handle(context);
        });
        await app.StartAsync();
        server.Port = new Uri(app.Urls.Single()).Port;
        return server;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
