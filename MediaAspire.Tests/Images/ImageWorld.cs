using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using MediaAspire.Api.Images;
using MediaAspire.Api.Ownership;
using MediaAspire.Api.Problems;
using MediaAspire.Api.Security;
using MediaAspire.Core.ApiKeys;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Copies;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Images;
using MediaAspire.Core.Images.Uploads;
using MediaAspire.Core.Imaging;
using MediaAspire.Core.Media.Uploads;
using MediaAspire.Core.ObjectStore;
using MediaAspire.Core.Quotas;
using MediaAspire.Tests.Harness;
using MediaAspire.Tests.Media.Uploads;
using MediaAspire.Worker.Duties;
using MediaAspire.Worker.Fetching;
using MediaAspire.Worker.Images;
using MediaAspire.Worker.Queue;
using MediaAspire.Worker.StoreMigration;
using MediaAspire.Worker.Sweeping;
using MediaAspire.Worker.Variants;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Images;

/// <summary>
/// The routes of images and the work on them in this process, over PostgreSQL, two chunk nodes and an object store in memory. A worker's
/// job runner runs; duties run when a test says so.
/// </summary>
/// <remarks>The header <c>x-owner</c> names the owner of the sender's key, <c>x-scopes</c> its scopes; <c>none</c> is no key.</remarks>
internal sealed class ImageWorld : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly PostgresFixture _postgres;
    private readonly IReadOnlyList<TestNode> _nodes;
    private readonly TemporaryDirectory _scratch;

    private ImageWorld(WebApplication app, PostgresFixture postgres, IReadOnlyList<TestNode> nodes, TemporaryDirectory scratch)
    {
        (_app, _postgres, _nodes, _scratch) = (app, postgres, nodes, scratch);
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public HttpClient Client { get; }

    public FakeProcessor Processor => (FakeProcessor)Get<IImageProcessor>();

    public FakeObjectStore Objects => (FakeObjectStore)Get<IObjectStore>();

    public ImageUploads Uploads => Get<ImageUploads>();

    public ImageCatalog Catalog => Get<ImageCatalog>();

    public ImageBlobs Blobs => Get<ImageBlobs>();

    public static async Task<ImageWorld> StartAsync(PostgresFixture postgres, params (string Key, string Value)[] settings)
    {
        await postgres.ClearAsync(
            "storage_servers", "files", "detected_restores", "jobs", "dead_jobs", "images", "image_blobs", "image_uploads",
            "image_settings", "image_prunes", "image_migrations", "image_proxy_failures", "media_object_deletions", "media_audits",
            "owners", "quotas");
        var scratch = new TemporaryDirectory();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Cluster:Token"] = TestNode.Token,
            ["Chunks:Count"] = "1",
            ["Chunks:Copies"] = "2",
            ["Sweeping:DeletedFilesGrace"] = "00:00:00",
            ["Sweeping:RemovalGrace"] = "00:00:00",
            ["Images:Uploads:JobLostAfter"] = "00:00:01",
            ["ConnectionStrings:s3"] = "Endpoint=http://127.0.0.1:1;AccessKey=none;SecretKey=none;Bucket=none",
        });
        builder.Configuration.AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Key, setting.Value)));
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.AddProblems();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(postgres.Database);
        builder.Services.AddSingleton<IObjectStore>(new FakeObjectStore());
        builder.Services.AddSingleton<IImageProcessor>(new FakeProcessor());
        builder.Services.AddSingleton(new ScratchDirectory(scratch.Path));
        builder.AddCluster();
        builder.AddFileStore();
        builder.AddCopyFaultReports();
        builder.AddJobs();
        builder.AddDuties();
        builder.AddSweeping();
        RemoveDutyRunners(builder.Services);
        builder.AddQuotas();
        builder.Services.AddSingleton<OwnerSelector>();
        builder.Services.AddSingleton<BucketMark>();
        ImageWorkHostExtensions.AddImages(builder);
        builder.AddVariantWork();
        builder.AddFetching();
        builder.AddStoreMigration();
        RemoveDutyRunners(builder.Services);
        ImageApiHostExtensions.AddImages(builder);
        builder.Services.AddAuthentication(TestScheme.Name).AddScheme<AuthenticationSchemeOptions, TestScheme>(TestScheme.Name, null);
        builder.Services.AddAuthorization(Policies.AddTo);
        var nodes = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => TestNode.StartAsync()));
        var app = builder.Build();
        app.UseProblems();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapImages();
        foreach (var (node, index) in nodes.Select((node, index) => (node, index)))
        {
            await app.Services.GetRequiredService<NodeRegistry>().RegisterAsync(
                new NodeReport(node.Id, PostgresFixture.Cluster, $"node-{index}", node.Address, 1L << 40, 0, 0), CancellationToken.None);
        }

        await app.Services.GetRequiredService<ClusterView>().RefreshAsync(default);
        await app.StartAsync();
        return new(app, postgres, nodes, scratch);
    }

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public Task<long> RunAsync<TDuty>()
        where TDuty : IDuty => Get<TDuty>().RunAsync(CancellationToken.None);

    public Task<int> ExecuteAsync(string sql, params object[] values) => _postgres.ExecuteAsync(sql, values);

    public Task<T?> ScalarAsync<T>(string sql, params object[] values) => _postgres.ScalarAsync<T>(sql, values);

    public Task<long> CountAsync(string table) => _postgres.ScalarAsync<long>($"SELECT count(*) FROM {table}");

    /// <summary>Counts the files whose bytes are kept.</summary>
    public Task<long> CountFilesAsync() => _postgres.ScalarAsync<long>("SELECT count(*) FROM files WHERE upload_status = 'completed'");

    /// <summary>Gets the files on the disks of all nodes.</summary>
    public int CountStoredChunks() => _nodes.Sum(node => node.Files.Length);

    /// <summary>Gets the temporary files that exist now.</summary>
    public int CountScratchFiles() =>
        Directory.EnumerateFiles(Get<ScratchDirectory>().Path).Count(path => Path.GetFileName(path) != "lock");

    /// <summary>Sends a form with files.</summary>
    public Task<HttpResponseMessage> PostAsync(string path, params string[] files) => PostAsync(path, owner: null, files);

    public async Task<HttpResponseMessage> PostAsync(string path, string? owner, string[] files)
    {
        using var form = new MultipartFormDataContent();
        foreach (var file in files)
        {
            var part = new ByteArrayContent(Encoding.UTF8.GetBytes(file));
            part.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
            form.Add(part, "images[]", "a.jpg");
        }

        return await SendAsync(HttpMethod.Post, path, owner, form);
    }

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string? owner = null, HttpContent? content = null, string? scopes = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (owner is not null)
        {
            request.Headers.Add("x-owner", owner);
        }

        if (scopes is not null)
        {
            request.Headers.Add("x-scopes", scopes);
            if (scopes != "none")
            {
                request.Headers.Add(TestApiKey.Header, "a key");
            }
        }

        return await Client.SendAsync(request);
    }

    /// <summary>Uploads a picture and returns its alias and its delete token.</summary>
    public async Task<(string Alias, string Token)> UploadAsync(string content, string? owner = null)
    {
        using var response = await PostAsync("/images", owner, [content]);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == System.Net.HttpStatusCode.Created, text);
        using var json = JsonDocument.Parse(text);
        var file = json.RootElement.GetProperty("files")[0];
        return (file.GetProperty("file").GetString()!, file.GetProperty("delete_token").GetString()!);
    }

    /// <summary>Reads the status and the code of a response.</summary>
    public static async Task<(int Status, string? Code)> OutcomeAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        var isProblem = text.Length > 0 && response.Content.Headers.ContentType?.MediaType == "application/problem+json";
        using var json = isProblem ? JsonDocument.Parse(text) : null;
        return ((int)response.StatusCode, json?.RootElement.GetProperty("code").GetString());
    }

    public async Task<(int Status, string? Code)> OutcomeAsync(HttpMethod method, string path, string? owner = null, string? scopes = null)
    {
        using var response = await SendAsync(method, path, owner, scopes: scopes);
        return await OutcomeAsync(response);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        _scratch.Dispose();
    }

    // Duties run when a test says so.
    private static void RemoveDutyRunners(IServiceCollection services)
    {
        foreach (var runner in services.Where(service => service.ServiceType == typeof(IHostedService)
            && service.ImplementationFactory?.Method.DeclaringType?.DeclaringType == typeof(DutyHostExtensions)).ToList())
        {
            services.Remove(runner);
        }
    }

    /// <summary>Authenticates by the headers of the tests.</summary>
    private sealed class TestScheme(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        public const string Name = "test";

        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            var scopes = Request.Headers["x-scopes"].ToString();
            if (scopes == "none")
            {
                return Task.FromResult(AuthenticateResult.NoResult());
            }

            OwnerId? owner = Request.Headers["x-owner"] is [{ } name] ? new OwnerId(name) : null;
            Context.SetCaller(new Caller(CallerKind.ApiKey, "key", owner)
            {
                Scopes = scopes.Length == 0 ? ApiScopes.All : ApiScopeNames.Combine(scopes.Split(',')),
            });
            var user = new ClaimsPrincipal(new ClaimsIdentity(Name));
            return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(user, Name)));
        }
    }
}
