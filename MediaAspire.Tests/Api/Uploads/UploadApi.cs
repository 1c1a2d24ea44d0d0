using System.Text.Json;
using MediaAspire.Api.Files;
using MediaAspire.Api.Listeners;
using MediaAspire.Api.Problems;
using MediaAspire.Api.S3;
using MediaAspire.Api.Security;
using MediaAspire.Api.Uploads;
using MediaAspire.Core.ApiKeys;
using MediaAspire.Core.Buckets;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Imaging;
using MediaAspire.Core.Jobs;
using MediaAspire.Core.Limits;
using MediaAspire.Core.Media.Postgres;
using MediaAspire.Core.Media.Uploads;
using MediaAspire.Core.ObjectStore;
using MediaAspire.Core.Owners;
using MediaAspire.Core.Uploads;
using MediaAspire.Tests.Harness;
using MediaAspire.Tests.Media.Uploads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace MediaAspire.Tests.Api.Uploads;

/// <summary>The routes of uploads in this process, with the API's middleware, over a node and a PostgreSQL of the tests' own.</summary>
internal sealed class UploadApi : IAsyncDisposable
{
    public const string TusType = "application/offset+octet-stream";
    public const string DraftType = "application/partial-upload";

    private readonly WebApplication _app;
    private readonly TestFileStore _files;
    private readonly TemporaryDirectory _scratch;
    private readonly HttpClient _client;

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _worker;

    private UploadApi(WebApplication app, TestFileStore files, TemporaryDirectory scratch)
    {
        (_app, _files, _scratch) = (app, files, scratch);
        _worker = WorkAsync(_stop.Token);
        _client = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public Uri Address => _client.BaseAddress!;

    public UploadSessions Sessions => Service<UploadSessions>();

    public static async Task<UploadApi> StartAsync(PostgresFixture postgres, params (string Key, string Value)[] settings)
    {
        await postgres.ClearAsync("uploads", "jobs", "media", "buckets", "api_keys", "owners");
        var cluster = await TestCluster.StartAsync(1);
        var files = await TestFileStore.StartAsync(postgres, cluster, new ChunkOptions { Copies = 1 });

        var scratch = new TemporaryDirectory();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration["S3:SecretsKey"] = Convert.ToBase64String(new byte[32]);
        builder.Configuration["ConnectionStrings:s3"] = "Endpoint=http://127.0.0.1:1;AccessKey=none;SecretKey=none;Bucket=none";
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value));
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(postgres.Database);
        builder.Services.AddSingleton(files.Catalog);
        builder.Services.AddSingleton(files.Writer);
        builder.Services.AddSingleton(files.Reader);
        builder.Services.TryAddSingleton<ContentReader>();
        builder.Services.AddSingleton(cluster.View);
        builder.Services.TryAddSingleton<ITokenSource>(new TestTokens());
        builder.Services.AddSingleton<IObjectStore>(new FakeObjectStore());
        builder.AddProblems();
        builder.AddListeners();
        builder.AddTestSecurity();
        builder.AddOwners();
        builder.AddJobQueue();
        FileHostExtensions.AddFiles(builder);
        builder.AddS3();
        builder.AddMediaStore();
        builder.AddMediaUploads();
        builder.Services.AddSingleton(new ScratchDirectory(scratch.Path));
        builder.Services.AddSingleton<MediaPartResults>();
        builder.AddUploads();

        var app = builder.Build();
        app.UseProblems();
        app.UseUploadProtocols();
        app.UseListeners();
        app.UseUploadOptions();
        app.UseRouting();
        app.UseSecurity();
        app.MapUploads();
        await app.StartWithKeyAsync();
        return new UploadApi(app, files, scratch);
    }

    public T Service<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>Sends a request.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">The path and the query.</param>
    /// <param name="key">The API key; <see langword="null"/> for none.</param>
    /// <param name="body">The body; <see langword="null"/> for none.</param>
    /// <param name="headers">Headers, those of the content among them.</param>
    public async Task<HttpResponseMessage> SendAsync(
        string method, string path, string? key, HttpContent? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = body;
        if (key is not null)
        {
            request.Headers.Add(TestApiKey.Header, key);
        }

        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content ??= new ByteArrayContent([]);
                request.Content.Headers.Remove(name);
                request.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return await _client.SendAsync(request);
    }

    /// <summary>Sends a request of tus.</summary>
    public Task<HttpResponseMessage> TusAsync(string method, string path, byte[]? body = null, params (string, string)[] headers) =>
        SendAsync(
            method, path, TestApiKey.Text, body is null ? null : new ByteArrayContent(body),
            body is null ? [("Tus-Resumable", "1.0.0"), .. headers] : [("Tus-Resumable", "1.0.0"), ("Content-Type", TusType), .. headers]);

    /// <summary>Sends a request of the IETF's protocol.</summary>
    public Task<HttpResponseMessage> DraftAsync(string method, string path, byte[]? body = null, params (string, string)[] headers) =>
        SendAsync(method, path, TestApiKey.Text, body is null ? null : new ByteArrayContent(body), headers);

    /// <summary>Creates an upload by tus.</summary>
    /// <returns>Its address.</returns>
    public async Task<string> CreateAsync(long length, params (string, string)[] headers)
    {
        using var response = await TusAsync("POST", "/uploads", null, [("Upload-Length", $"{length}"), .. headers]);
        return (await response.ExpectAsync(201)).Header("Location")!;
    }

    /// <summary>Creates an API key.</summary>
    public async Task<string> CreateKeyAsync(string id, string? owner, params string[] scopes)
    {
        var secret = $"ma_{id}_" + new string('K', 52);
        Assert.True(ApiKeyFormat.TryParse(secret, out _, out var hidden), secret);
        var key = new NewApiKey(id, ApiKeyFormat.Hash(hidden), id, scopes) { Owner = owner is null ? null : new(owner) };
        if (owner is not null)
        {
            await Service<OwnerStore>().EnsureAsync(new(owner), owner, CancellationToken.None);
        }

        Assert.NotNull(await Service<ApiKeyStore>().CreateAsync(key, CancellationToken.None));
        return secret;
    }

    public Task<Bucket?> CreateBucketAsync(string name, string owner) => Service<BucketCatalog>().TryCreateAsync(
        name, owner, "us-east-1", new Dictionary<BucketDocument, string>(), CancellationToken.None);

    /// <summary>Gets the bytes of a file by the address that an upload named.</summary>
    public async Task<byte[]> DownloadAsync(string? address)
    {
        Assert.StartsWith("/files/", address, StringComparison.Ordinal);
        Assert.True(FileId.TryParse(address!["/files/".Length..], out var id));
        return await _files.GetAsync(id);
    }

    public Task<long> CountAsync(string sql) => _files.CountAsync(sql);

    /// <summary>Waits until a query returns the expected number.</summary>
    public Task WaitForAsync(string sql, long expected) =>
        Until.TrueAsync($"{sql} returns {expected}", async () => await _files.CountAsync(sql) == expected);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _worker.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _client.Dispose();
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
        await _files.DisposeAsync();
        await _files.Cluster.DisposeAsync();
        _scratch.Dispose();
    }

    // The part of the worker: results that take too long for a request.
    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        var (sessions, completer) = (Service<UploadSessions>(), Service<UploadCompleter>());
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await poll.WaitForNextTickAsync(cancellationToken))
        {
            foreach (var session in await sessions.ListAsync(owner: null, after: null, limit: 100, cancellationToken))
            {
                if (session.State == UploadSessionState.Completing)
                {
                    await completer.FinishAsync(session.Id, cancellationToken);
                }
            }
        }
    }
}

internal static class UploadAnswers
{
    /// <summary>Asserts the status of a response, and the code of its problem.</summary>
    public static async Task<HttpResponseMessage> ExpectAsync(this HttpResponseMessage response, int status, string? code = null)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(
            (int)response.StatusCode == status,
            $"{response.RequestMessage?.Method} {response.RequestMessage?.RequestUri}: {(int)response.StatusCode}, not {status}: {text}");
        if (code is not null)
        {
            Assert.Equal(code, JsonDocument.Parse(text).RootElement.GetProperty("code").GetString());
        }

        return response;
    }

    /// <summary>Gets a header of the response or of its content; <see langword="null"/> when it is missing.</summary>
    public static string? Header(this HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values)
        || response.Content.Headers.NonValidated.TryGetValues(name, out values)
            ? values.ToString()
            : null;

    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
}
