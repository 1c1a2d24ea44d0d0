using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MediaAspire.Api.Files;
using MediaAspire.Api.NamedFiles;
using MediaAspire.Api.Problems;
using MediaAspire.Api.Security;
using MediaAspire.Core.ApiKeys;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Copies;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using MediaAspire.Core.NamedFiles;
using MediaAspire.Core.Owners;
using MediaAspire.Tests.Harness;
using MediaAspire.Worker.Duties;
using MediaAspire.Worker.Queue;
using MediaAspire.Worker.Splitting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace MediaAspire.Tests.NamedFiles;

/// <summary>API and worker in this process, with a real PostgreSQL, a Redis server of the test and two storage nodes.</summary>
internal sealed class NamedFilesApi : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly List<TestNode> _nodes;
    private readonly PostgresFixture _postgres;

    private NamedFilesApi(WebApplication app, StagingHarness staging, List<TestNode> nodes, PostgresFixture postgres)
    {
        _app = app;
        Staging = staging;
        _nodes = nodes;
        _postgres = postgres;
        Client = app.CreateKeyedClient();
    }

    public HttpClient Client { get; }

    public StagingHarness Staging { get; }

    public IServiceProvider Services => _app.Services;

    public SplitFileHandler Splitter => Services.GetRequiredService<SplitFileHandler>();

    public StagingDuty Duty => Services.GetRequiredService<StagingDuty>();

    /// <param name="postgres">The database, which is emptied.</param>
    /// <param name="runsJobs">True to run jobs as they come; false when the test runs them itself.</param>
    /// <param name="settings">Settings of API and worker.</param>
    public static async Task<NamedFilesApi> StartAsync(
        PostgresFixture postgres, bool runsJobs, params (string Key, string Value)[] settings)
    {
        await postgres.ClearAsync("storage_servers", "named_files", "abandoned_versions", "jobs");

        var staging = await StagingHarness.StartAsync();
        List<TestNode> nodes =
        [
            await TestNode.StartAsync(database: postgres.ConnectionString),
            await TestNode.StartAsync(database: postgres.ConnectionString),
        ];

        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value));
        builder.Configuration["Cluster:Token"] = TestNode.Token;
        builder.Configuration["Jobs:RetryDelay"] ??= "00:00:00.050";
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(postgres.Database);
        builder.Services.AddSingleton<IConnectionMultiplexer>(_ => staging.Connection);
        builder.AddProblems();
        builder.AddTestSecurity();
        builder.AddCluster();
        builder.AddFileStore();
        builder.AddCopyFaultReports();
        builder.AddFiles();
        builder.AddNamedFiles();
        builder.AddDuties();
        builder.AddJobs();
        builder.AddSplitting();
        if (!runsJobs)
        {
            builder.Services.Remove(builder.Services.Single(service => service.ImplementationType == typeof(JobConsumer)));
        }

        // Tests run the duty themselves.
        var made = builder.Services
            .Where(service => service.ServiceType == typeof(IHostedService) && service.ImplementationFactory is not null)
            .ToList();
        foreach (var runner in made)
        {
            var maker = runner.ImplementationFactory!.Method.DeclaringType!.FullName!;
            if (maker.Contains(nameof(DutyHostExtensions), StringComparison.Ordinal))
            {
                builder.Services.Remove(runner);
            }
        }

        var app = builder.Build();
        app.UseProblems();
        app.UseRouting();
        app.UseSecurity();
        app.MapFiles();
        await app.StartWithKeyAsync();
        var api = new NamedFilesApi(app, staging, nodes, postgres);
        await api.WaitUntilBothNodesTakeChunksAsync();
        return api;
    }

    /// <summary>Makes a client with a key that is bound to an owner, which is created.</summary>
    public async Task<HttpClient> CreateClientAsync(string owner)
    {
        await Services.GetRequiredService<OwnerStore>().EnsureAsync(new(owner), owner, CancellationToken.None);
        var (id, secret) = (ApiKeyFormat.NewId(), ApiKeyFormat.NewSecret());
        await Services.GetRequiredService<ApiKeyStore>().CreateAsync(
            new(id, ApiKeyFormat.Hash(secret), "test", [ApiScopeNames.FilesRead, ApiScopeNames.FilesWrite]) { Owner = new(owner) },
            CancellationToken.None);
        return _app.CreateKeyedClient(ApiKeyFormat.Compose(id, secret));
    }

    public Task<HttpResponseMessage> PutAsync(string client, string name, byte[] data) =>
        Client.PostAsJsonAsync("/files", new { client_id = client, name, data });

    public async Task PutOkAsync(string client, string name, byte[] data)
    {
        using var response = await PutAsync(client, name, data);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
    }

    public Task<HttpResponseMessage> GetAsync(string client, string name) =>
        Client.GetAsync($"/files?client_id={Uri.EscapeDataString(client)}&name={Uri.EscapeDataString(name)}");

    public async Task<byte[]> GetOkAsync(string client, string name)
    {
        using var response = await GetAsync(client, name);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        using var json = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        Assert.Equal(["name", "data"], json.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Equal(name, json.RootElement.GetProperty("name").GetString());
        return json.RootElement.GetProperty("data").GetBytesFromBase64();
    }

    public async Task<NamedFile> FindAsync(string client, string name, string? owner = null) =>
        (await Services.GetRequiredService<NamedFileCatalog>().FindAsync(
            new(owner is null ? null : new OwnerId(owner), client, name), CancellationToken.None))!;

    public Task SplitAsync(StagingId version) =>
        Splitter.HandleAsync(
            new SplitFile(version.Value), new JobContext(JobId.New(TimeProvider.System), 1, 8, default), CancellationToken.None);

    public async Task<long> CountAsync(string sql)
    {
        await using var command = _postgres.Database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public async Task WaitUntilNothingIsStagedAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await Staging.Area.MeasureAsync(CancellationToken.None) is { Values: > 0 } left)
        {
            Assert.False(limit.IsCancellationRequested, $"Still staged: {left}.");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
        }
    }

    /// <summary>Waits until staging holds a number of values that are older than an age.</summary>
    public async Task WaitUntilOlderAsync(TimeSpan age, int count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await Staging.Area.ListOlderAsync(age, 0, 100, CancellationToken.None)).Count < count)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
        }
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

        await Staging.DisposeAsync();
    }

    private async Task WaitUntilBothNodesTakeChunksAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var cluster = Services.GetRequiredService<ClusterView>();
        while ((await cluster.GetRingAsync(2, limit.Token)).Servers.Length < 2)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
        }
    }
}
