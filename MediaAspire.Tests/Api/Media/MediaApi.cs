using System.Net.Http.Json;
using System.Text.Json;
using MediaAspire.Api.Media;
using MediaAspire.Api.Problems;
using MediaAspire.Api.Security;
using MediaAspire.Api.Tags;
using MediaAspire.Core.ApiKeys;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Media;
using MediaAspire.Core.Owners;
using MediaAspire.Core.Tags;
using MediaAspire.Tests.Api.Security;
using MediaAspire.Tests.Harness;
using MediaAspire.Tests.Media;
using MediaAspire.Tests.Media.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MediaAspire.Tests.Api.Media;

/// <summary>The routes of media and tags in this process, with keys, on a database and an object store that records accesses.</summary>
internal sealed class MediaApi : IAsyncDisposable
{
    /// <summary>A sender without a key.</summary>
    public const string? Nobody = null;

    private readonly WebApplication _app;
    private readonly NpgsqlDataSource _database;
    private readonly TestMediaStore _store;
    private readonly HttpClient _client;

    private MediaApi(WebApplication app, NpgsqlDataSource database, TestMediaStore store, AccessObjectStore objects)
    {
        _app = app;
        _database = database;
        _store = store;
        Objects = objects;
        _client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = Address };
    }

    public Uri Address => new(_app.Urls.Single());

    public AccessObjectStore Objects { get; }

    public IMediaStore Store => _store.Store;

    public TestMediaStore Catalog => _store;

    public static async Task<MediaApi> StartAsync(PostgresFixture postgres)
    {
        var store = await TestMediaStore.OpenAsync(postgres);
        await postgres.ClearAsync("media_object_access", "tags", "tag_usage", "tag_deltas", "tag_changes", "api_keys", "owners");
        var (objects, records) = AccessObjectStore.Create();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Configuration["ConnectionStrings:s3"] = AccessObjectStore.Connection;
        builder.Services.AddSingleton(postgres.Database);
        builder.Services.AddSingleton(store.Jobs.Queue);
        builder.Services.AddSingleton(objects);
        builder.AddProblems();
        builder.AddTestSecurity();
        builder.AddMedia();
        builder.AddTags();
        var app = builder.Build();
        app.UseProblems();
        app.UseRouting();
        app.UseSecurity();
        app.MapMedia();
        app.MapTags();
        await app.StartWithKeyAsync();
        return new(app, postgres.Database, store, records);
    }

    /// <summary>Creates a key that is bound to an owner; <see langword="null"/> for one of an application.</summary>
    public async Task<string> CreateKeyAsync(string? owner, params string[] scopes)
    {
        OwnerId? bound = owner is null ? null : new OwnerId(owner);
        if (bound is { } id)
        {
            await new OwnerStore(_database).EnsureAsync(id, id.Value, CancellationToken.None);
        }

        var (key, secret) = (ApiKeyFormat.NewId(), ApiKeyFormat.NewSecret());
        await _app.Services.GetRequiredService<ApiKeyStore>().CreateAsync(
            new NewApiKey(key, ApiKeyFormat.Hash(secret), "test", scopes is [] ? ["read", "write"] : scopes) { Owner = bound },
            CancellationToken.None);
        return ApiKeyFormat.Compose(key, secret);
    }

    public async Task<MediaItem> CreateAsync(MediaItem item) =>
        (await Store.ChangeAsync([], _ => new MediaDecision<bool>(true) { Created = [item] }, CancellationToken.None)).Written.Single();

    public async Task<MediaItem?> FindAsync(MediaItem item) => await Store.FindAsync(item.Id, CancellationToken.None);

    /// <summary>Sends a request; the body is JSON in a string, or an object.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        string method, string path, object? body = null, string? key = TestApiKey.Text, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = body switch
        {
            null => null,
            string json => new StringContent(json, System.Text.Encoding.UTF8, "application/json"),
            HttpContent content => content,
            _ => JsonContent.Create(body),
        };
        foreach (var (name, value) in key is null ? headers : [(TestApiKey.Header, key), .. headers])
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await _client.SendAsync(request);
    }

    /// <summary>Sends a request, and asserts the status and, for a problem, its code.</summary>
    public async Task<JsonElement> ExpectAsync(
        int status, string? code, string method, string path, object? body = null, string? key = TestApiKey.Text,
        params (string Name, string Value)[] headers)
    {
        using var response = await SendAsync(method, path, body, key, headers);
        return await SecuredApi.ExpectAsync(response, status, code);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
        await _store.DisposeAsync();
    }
}
