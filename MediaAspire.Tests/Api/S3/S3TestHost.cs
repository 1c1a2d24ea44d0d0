using System.Xml.Linq;
using MediaAspire.Api.Limits;
using MediaAspire.Api.Listeners;
using MediaAspire.Api.S3;
using MediaAspire.Api.S3.Dispatch;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Files;
using MediaAspire.Core.Limits;
using MediaAspire.Core.Objects;
using MediaAspire.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace MediaAspire.Tests.Api.S3;

/// <summary>The S3 API in this process, on a port of its own, over chunk nodes and a PostgreSQL of the tests' own.</summary>
/// <remarks>A header names the sender of a request; see <see cref="HeaderAuthenticator"/>.</remarks>
internal sealed class S3TestHost : IAsyncDisposable
{
    public const string Owner = "alice";

    private readonly WebApplication _app;
    private readonly HttpClient _client;

    private S3TestHost(WebApplication app, TestFileStore files)
    {
        _app = app;
        Files = files;
        Address = new Uri(app.Urls.Single());
        _client = new HttpClient(new SocketsHttpHandler
        {
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = System.Net.DecompressionMethods.None,
            RequestHeaderEncodingSelector = (_, _) => System.Text.Encoding.UTF8,
        });
    }

    public Uri Address { get; }

    public TestFileStore Files { get; }

    public TestCluster Cluster => Files.Cluster;

    public BucketCatalog Buckets => Service<BucketCatalog>();

    public ObjectCatalog Objects => Service<ObjectCatalog>();

    /// <summary>Empties the database and starts nodes and API.</summary>
    /// <param name="postgres">The tests' PostgreSQL.</param>
    /// <param name="nodes">The number of chunk nodes.</param>
    /// <param name="settings">Settings of the API, such as <c>S3:MaxPutSize</c>.</param>
    /// <param name="layout">The layout of files; one copy by default.</param>
    /// <param name="services">Services that come before the API's own.</param>
    public static async Task<S3TestHost> StartAsync(
        PostgresFixture postgres,
        int nodes = 1,
        IReadOnlyDictionary<string, string?>? settings = null,
        ChunkOptions? layout = null,
        Action<IServiceCollection>? services = null)
    {
        var cluster = await TestCluster.StartAsync(nodes);
        var files = await TestFileStore.StartAsync(postgres, cluster, layout ?? new ChunkOptions { Copies = 1 });
        await postgres.ClearAsync("buckets");

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        var secretsKey = KeyValuePair.Create<string, string?>("S3:SecretsKey", Convert.ToBase64String(new byte[32]));
        builder.Configuration.AddInMemoryCollection([secretsKey, .. settings ?? new Dictionary<string, string?>()]);
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(postgres.Database);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(files.Catalog);
        builder.Services.AddSingleton(files.Writer);
        builder.Services.AddSingleton(files.Reader);
        builder.Services.AddSingleton<ContentReader>();
        builder.Services.AddSingleton<IS3Authenticator, HeaderAuthenticator>();
        builder.Services.AddSingleton<IS3Owners, HeaderOwners>();
        builder.Services.AddMetrics();
        services?.Invoke(builder.Services);
        builder.Services.TryAddSingleton<ITokenSource>(new TestTokens());
        builder.AddLimits();
        builder.AddListeners();
        builder.AddS3();

        var app = builder.Build();
        app.UseTrustedProxies();
        app.Run(context => context.RequestServices.GetRequiredService<S3Dispatcher>().HandleAsync(context));
        await app.StartAsync();
        return new S3TestHost(app, files);
    }

    public IServiceProvider Services => _app.Services;

    public T Service<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public async Task<Bucket> CreateBucketAsync(string name, string owner = Owner, BucketVersioning versioning = BucketVersioning.Off)
    {
        var bucket = await Buckets.TryCreateAsync(
            name, owner, "us-east-1", new Dictionary<BucketDocument, string>(), CancellationToken.None);
        Assert.NotNull(bucket);
        if (versioning != BucketVersioning.Off)
        {
            await Buckets.SetVersioningAsync(bucket.Id, versioning, CancellationToken.None);
        }

        return bucket with { Versioning = versioning };
    }

    /// <summary>Makes a request; its target is sent as it stands, percent-encoded by the caller.</summary>
    public HttpRequestMessage Request(HttpMethod method, string target, params (string Name, string Value)[] headers)
    {
        // A normalised path would be another key.
        var asItStands = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        var uri = new Uri(Address.GetLeftPart(UriPartial.Authority) + target, asItStands);
        var request = new HttpRequestMessage(method, uri);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    public Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead) =>
        _client.SendAsync(request, completion);

    /// <summary>Sends a request as an owner.</summary>
    /// <param name="method">The method.</param>
    /// <param name="target">Path and query.</param>
    /// <param name="body">The body; <see langword="null"/> for none.</param>
    /// <param name="owner">The sender; <see langword="null"/> for an anonymous request.</param>
    /// <param name="headers">Headers, those of the content among them.</param>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string target, byte[]? body = null, string? owner = Owner, params (string Name, string Value)[] headers)
    {
        using var request = Request(method, target);
        if (owner is not null)
        {
            request.Headers.Add(HeaderAuthenticator.OwnerHeader, owner);
        }

        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
        }

        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content ??= new ByteArrayContent([]);
                request.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return await _client.SendAsync(request);
    }

    public Task<HttpResponseMessage> PutAsync(string target, byte[] body, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Put, target, body, Owner, headers);

    public Task<HttpResponseMessage> GetAsync(string target, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, target, body: null, Owner, headers);

    public Task<HttpResponseMessage> HeadAsync(string target, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Head, target, body: null, Owner, headers);

    public Task<HttpResponseMessage> DeleteAsync(string target, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Delete, target, body: null, Owner, headers);

    /// <summary>Asserts that nothing of any file is left: no chunk on a node, no row.</summary>
    public async Task AssertNothingKeptAsync()
    {
        foreach (var node in Cluster.Nodes)
        {
            await node.WaitUntilNothingIncomingAsync();
            Assert.Empty(node.Files);
        }

        Assert.Equal(0, await Files.CountAsync("SELECT count(*) FROM files"));
        Assert.Equal(0, await Files.CountAsync("SELECT count(*) FROM chunks"));
        Assert.Equal(0, await Files.CountAsync("SELECT count(*) FROM objects"));
        Assert.Equal(0, await Files.CountAsync("SELECT count(*) FROM multipart_parts"));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
        await Files.DisposeAsync();
        await Cluster.DisposeAsync();
    }
}

internal static class S3Responses
{
    public static async Task<XElement> XmlAsync(this HttpResponseMessage response) =>
        XElement.Parse(await response.Content.ReadAsStringAsync());

    /// <summary>Asserts that a request was refused with a status and a code.</summary>
    public static async Task AssertErrorAsync(this HttpResponseMessage response, int status, string code)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode}: {body}");
        Assert.Equal("application/xml", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(code, XElement.Parse(body).Element("Code")?.Value);
    }

    public static async Task AssertStatusAsync(this HttpResponseMessage response, int status)
    {
        if ((int)response.StatusCode != status)
        {
            Assert.Fail($"{(int)response.StatusCode}, and not {status}: {await response.Content.ReadAsStringAsync()}");
        }
    }

    /// <summary>Gets a header of the response or of its content; <see langword="null"/> when it is missing.</summary>
    public static string? Header(this HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values)
        || response.Content.Headers.NonValidated.TryGetValues(name, out values)
            ? values.ToString()
            : null;
}
