using MediaAspire.Api.Console;
using MediaAspire.Api.Listeners;
using MediaAspire.Api.Problems;
using MediaAspire.Api.Security;
using MediaAspire.Core.ObjectStore;
using MediaAspire.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MediaAspire.Tests.Api.Console;

/// <summary>An API with the static files of a console.</summary>
internal sealed class ConsoleHost : IAsyncDisposable
{
    public const string Index = "<!doctype html><title>console</title>";
    public const string Script = "assets/index-a1b2c3.js";

    private readonly TemporaryDirectory _directory = new();
    private readonly WebApplication _app;

    private ConsoleHost(bool isBuilt)
    {
        if (isBuilt)
        {
            Write("index.html", Index);
            Write(Script, "console.log(1)");
            Write(Script + ".br", "brotli");
            Write(Script + ".gz", "gzip");
            Write("favicon.svg", "<svg/>");
        }

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration["Console:Directory"] = Path.Combine(_directory.Path, "dist");
        builder.Services.Configure<ObjectStoreOptions>(options => options.PublicEndpoint = "https://store.example.org");
        builder.AddListeners();
        builder.AddProblems();
        builder.Services.AddSingleton(NpgsqlDataSource.Create("Host=127.0.0.1;Port=1"));
        builder.AddTestSecurity();
        builder.AddConsole();
        _app = builder.Build();
        _app.UseProblems();
        _app.UseListeners();
        _app.UseRouting();
        _app.UseSecurity();
        _app.MapConsole();
    }

    public HttpClient Client { get; private set; } = null!;

    public static async Task<ConsoleHost> StartAsync(bool isBuilt = true)
    {
        var host = new ConsoleHost(isBuilt);
        await host._app.StartAsync();
        host.Client = new HttpClient { BaseAddress = new Uri(host._app.Urls.Single()) };
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        _directory.Dispose();
    }

    private void Write(string name, string content)
    {
        var path = Path.Combine(_directory.Path, "dist", name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }
}
