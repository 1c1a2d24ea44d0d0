using System.Net.Http.Json;
using System.Text.Json;
using MediaAspire.Api.Admin;
using MediaAspire.Api.Problems;
using MediaAspire.Api.Security;
using MediaAspire.Core.ApiKeys;
using MediaAspire.Core.Limits;
using MediaAspire.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MediaAspire.Tests.Api.Security;

/// <summary>The authentication and the routes for keys and owners of the API, with a route for each policy.</summary>
internal sealed class SecuredApi : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _client;

    private SecuredApi(WebApplication app)
    {
        _app = app;
        _client = new HttpClient { BaseAddress = Address };
    }

    public Uri Address => new(_app.Urls.Single());

    public ApiKeyStore Keys => _app.Services.GetRequiredService<ApiKeyStore>();

    public ApiKeyUses Uses => _app.Services.GetRequiredService<ApiKeyUses>();

    public static async Task<SecuredApi> StartAsync(NpgsqlDataSource database, ManualTime? time = null, bool isDatabaseUp = true)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(database);
        builder.Services.AddSingleton<TimeProvider>(time ?? TimeProvider.System);
        builder.Services.AddSingleton<ITokenSource>(new TestTokens(time));
        builder.AddProblems();
        builder.AddTestSecurity();
        var app = builder.Build();
        Map(app);
        if (isDatabaseUp)
        {
            await app.StartWithKeyAsync();
        }
        else
        {
            await app.StartAsync();
        }

        return new SecuredApi(app);
    }

    /// <summary>Maps a route for each policy, one without a policy, one without a key, and the admin routes for keys and owners.</summary>
    public static void Map(WebApplication app)
    {
        app.UseProblems();
        app.UseRouting();
        app.UseSecurity();
        app.MapGet("/read", (HttpContext http) => $"{http.GetCaller().Kind} {http.GetCaller().KeyId} {http.GetCaller().Owner}")
            .RequireAuthorization(Policies.FilesRead);
        app.MapPut("/write", () => "").RequireAuthorization(Policies.FilesWrite);
        app.MapGet("/metrics", () => "").RequireAuthorization(Policies.Metrics);
        app.MapGet("/forgotten", () => "");
        app.MapGet("/alive", () => "").AllowAnonymous();
        var admin = app.MapGroup("/admin").RequireAuthorization(Policies.Admin);
        admin.MapApiKeys();
        admin.MapOwners();
    }

    /// <summary>Sends a request with a key in <c>X-Api-Key</c>; <see langword="null"/> for none.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        string method, string path, string? key = TestApiKey.Text, object? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = body is null ? null : body as HttpContent ?? JsonContent.Create(body);
        foreach (var (name, value) in key is null ? headers : [(TestApiKey.Header, key), .. headers])
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await _client.SendAsync(request);
    }

    public async Task<JsonElement> ExpectAsync(
        int status, string? code, string method, string path, string? key = TestApiKey.Text, object? body = null,
        params (string Name, string Value)[] headers)
    {
        using var response = await SendAsync(method, path, key, body, headers);
        return await ExpectAsync(response, status, code);
    }

    /// <summary>Asserts that a response has a status and, when it is a problem, a code.</summary>
    public static async Task<JsonElement> ExpectAsync(HttpResponseMessage response, int status, string? code)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode}: {text}");
        if (code is null)
        {
            return text.StartsWith('{') ? JsonDocument.Parse(text).RootElement : default;
        }

        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal(
            status is 401 || code is "scope-missing" or "address-not-allowed", response.Headers.WwwAuthenticate.Count > 0);
        return problem;
    }

    /// <summary>Makes a list in a request.</summary>
    public static string[] List(params string[] values) => values;

    /// <summary>Creates a key by the admin route.</summary>
    public async Task<(string Id, string Text)> CreateKeyAsync(object request, string by = TestApiKey.Text)
    {
        using var response = await SendAsync("POST", "/admin/api-keys", by, request);
        var created = await ExpectAsync(response, 201, code: null);
        Assert.True(response.Headers.CacheControl!.NoStore);
        var id = created.GetProperty("key").GetProperty("keyId").GetString()!;
        Assert.Equal($"/admin/api-keys/{id}", response.Headers.Location!.ToString());
        return (id, created.GetProperty("apiKey").GetString()!);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }
}
