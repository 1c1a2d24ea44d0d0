using System.Net.Http.Json;
using MediaAspire.Api.Audit;
using MediaAspire.Api.Console;
using MediaAspire.Api.Console.Feed;
using MediaAspire.Api.Listeners;
using MediaAspire.Api.Problems;
using MediaAspire.Api.Security;
using MediaAspire.Core.ApiKeys;
using MediaAspire.Core.Audit;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Owners;
using MediaAspire.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MediaAspire.Tests.Api.Console;

/// <summary>An API with the console's sign-in, and a browser: it keeps cookies, and sends what a browser adds.</summary>
internal sealed class SessionHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClientHandler _cookies = new() { AllowAutoRedirect = false };

    private SessionHost(WebApplication app)
    {
        _app = app;
        Browser = new HttpClient(_cookies) { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public HttpClient Browser { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Gets the cookie's header for requests of another client.</summary>
    public string Cookie => _cookies.CookieContainer.GetCookieHeader(Browser.BaseAddress!);

    public static Task<SessionHost> StartAsync(NpgsqlDataSource database, params (string Key, string Value)[] settings) =>
        StartAsync(database, sources: [], settings);

    /// <param name="database">The database.</param>
    /// <param name="sources">The topics of events, in place of the real ones.</param>
    /// <param name="settings">Further settings; with <c>isAdmin</c> the only listener is that of operators.</param>
    public static async Task<SessionHost> StartAsync(
        NpgsqlDataSource database, IFeedSource[] sources, params (string Key, string Value)[] settings)
    {
        var port = settings.FirstOrDefault(setting => setting.Key == "port").Value ?? $"{FreePorts.Next()}";
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");

        // Changes of keys and sessions are seen by the next request.
        builder.Configuration["Security:KeysCachedFor"] = "00:00:00";
        builder.Configuration["Audit:FlushInterval"] = "00:01:00";
        builder.Configuration["Security:TrustedProxies:0"] = "127.0.0.1";
        foreach (var (key, value) in settings)
        {
            builder.Configuration[key] = value;
        }

        builder.Configuration["Admin:Port"] = builder.Configuration["isAdmin"] is null ? null : port;
        builder.Services.AddSingleton(database);
        builder.Services.Configure<ClusterOptions>(cluster => cluster.Token = "a-token-of-the-cluster");
        builder.AddListeners();
        builder.AddProblems();
        builder.AddTestSecurity();
        builder.AddAuditLog();
        builder.AddConsole();
        builder.Services.RemoveAll<IFeedSource>();
        Array.ForEach(sources, source => builder.Services.AddSingleton(source));
        var app = builder.Build();
        app.UseTrustedProxies();
        app.UseAudit();
        app.UseProblems();
        app.UseListeners();
        app.UseRouting();
        app.UseSecurity();
        app.MapConsole();
        app.MapMethods("/files", ["GET", "PUT", "POST", "PATCH", "DELETE"], Describe).RequireAuthorization(Policies.FilesRead);
        app.MapGet("/operators", Describe).RequireAuthorization(Policies.Admin);
        app.MapGet("/media/{id}", Describe).RequireAuthorization(Policies.MediaReadOrPublic);
        await app.StartWithKeyAsync();
        return new(app);
    }

    /// <summary>Creates a key.</summary>
    public async Task<(string Id, string Text)> CreateKeyAsync(string scope = "read", Func<NewApiKey, NewApiKey>? with = null)
    {
        var (id, secret) = (ApiKeyFormat.NewId(), ApiKeyFormat.NewSecret());
        var key = new NewApiKey(id, ApiKeyFormat.Hash(secret), "a key for tests", [scope]);
        await Services.GetRequiredService<ApiKeyStore>().CreateAsync(with?.Invoke(key) ?? key, CancellationToken.None);
        return (id, ApiKeyFormat.Compose(id, secret));
    }

    public async Task<OwnerId> CreateOwnerAsync(string name)
    {
        var owner = new OwnerId(name);
        await Services.GetRequiredService<OwnerStore>().EnsureAsync(owner, name, CancellationToken.None);
        return owner;
    }

    public Task<HttpResponseMessage> SignInAsync(string key, params (string Name, string Value)[] headers) =>
        SendAsync("POST", "/console/session", new { key }, [.. OfConsole, .. headers]);

    /// <summary>The headers of requests of the console's own pages.</summary>
    public static (string Name, string Value)[] OfConsole => [("X-MediaAspire-Console", "1"), ("Sec-Fetch-Site", "same-origin")];

    public async Task<HttpResponseMessage> SendAsync(
        string method, string path, object? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = body is null ? null : body as HttpContent ?? JsonContent.Create(body);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Browser.SendAsync(request);
    }

    public Task FlushAuditAsync() => Services.GetRequiredService<AuditLog>().FlushAsync(endWindow: true, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        Browser.Dispose();
        _cookies.Dispose();
        await _app.DisposeAsync();
    }

    private static string Describe(HttpContext http) =>
        $"{http.GetCaller().Kind} {http.GetCaller().KeyId}{http.GetCaller().Subject} {http.GetCaller().Owner}";
}
