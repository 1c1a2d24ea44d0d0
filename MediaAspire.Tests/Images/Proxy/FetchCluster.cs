using MediaAspire.Api.Images;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Fetching;
using MediaAspire.Core.Files;
using MediaAspire.Core.Images.Proxy;
using MediaAspire.Core.Images.Uploads;
using MediaAspire.Core.Imaging;
using MediaAspire.Core.Jobs;
using MediaAspire.Core.Media.Uploads;
using MediaAspire.Core.ObjectStore;
using MediaAspire.Tests.Harness;
using MediaAspire.Tests.Media.Uploads;
using MediaAspire.Worker.Duties;
using MediaAspire.Worker.Fetching;
using MediaAspire.Worker.Images;
using MediaAspire.Worker.Queue;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Images.Proxy;

/// <summary>Two workers and two replicas of the API within this process, as far as they fetch images.</summary>
internal sealed class FetchCluster : IAsyncDisposable
{
    private readonly PostgresFixture _postgres;
    private readonly TestCluster _cluster;
    private readonly TemporaryDirectory _directory;
    private readonly IReadOnlyList<IHost> _workers;
    private readonly IReadOnlyList<IHost> _replicas;
    private int _last;

    private FetchCluster(
        PostgresFixture postgres,
        TestCluster cluster,
        TemporaryDirectory directory,
        IReadOnlyList<IHost> workers,
        IReadOnlyList<IHost> replicas)
    {
        _directory = directory;
        _postgres = postgres;
        _cluster = cluster;
        _workers = workers;
        _replicas = replicas;
    }

    public UrlUploads Urls => _replicas[0].Services.GetRequiredService<UrlUploads>();

    public ImageUploads Uploads => _replicas[0].Services.GetRequiredService<ImageUploads>();

    public static async Task<FetchCluster> StartAsync(PostgresFixture postgres, int port, params (string Key, string Value)[] settings)
    {
        await postgres.ClearAsync(
            "storage_servers", "files", "scrubs", "images", "image_blobs", "image_uploads", "image_proxy_failures", "jobs", "dead_jobs",
            "duty_leases");
        var cluster = await TestCluster.StartAsync(2);
        var registry = new NodeRegistry(postgres.Database, Options.Create(new ClusterOptions()));
        foreach (var server in cluster.Servers)
        {
            await registry.RegisterAsync(
                new NodeReport(server.Id, PostgresFixture.Cluster, server.Name, server.Address, server.AvailableBytes, 0, 0),
                CancellationToken.None);
        }

        var directory = new TemporaryDirectory();
        var objects = new FakeObjectStore();
        var workers = Enumerable.Range(0, 2).Select(_ => Build(AddWorker)).ToList();
        var replicas = Enumerable.Range(0, 2).Select(_ => Build(AddApi)).ToList();
        foreach (var host in workers.Concat(replicas))
        {
            await host.StartAsync();
        }

        return new FetchCluster(postgres, cluster, directory, workers, replicas);

        IHost Build(Action<HostApplicationBuilder> add)
        {
            var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["ConnectionStrings:s3"] = "Endpoint=http://127.0.0.1:1;AccessKey=a;SecretKey=b;Region=us-east-1;Bucket=media",
                ["Cluster:Token"] = TestNode.Token,
                ["Fetching:AllowedNetworks"] = "127.0.0.1/32",
                ["Fetching:AllowedPorts"] = $"{port}",
                ["Jobs:RetryDelay"] = "00:00:00.050",
            });
            builder.Configuration.AddInMemoryCollection(
                settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Key, setting.Value)));
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton(postgres.Database);
            builder.Services.AddSingleton(cluster.View);
            builder.Services.AddSingleton(cluster.Clients);
            builder.Services.AddSingleton<ICopyFaults>(cluster.Faults);
            builder.Services.AddSingleton(Options.Create(new ChunkOptions()));
            builder.Services.AddSingleton(Caches.None());
            builder.Services.AddSingleton<IObjectStore>(objects);
            builder.Services.AddSingleton<BucketMark>();
            builder.Services.AddSingleton<IImageProcessor>(new PngProcessor());
            builder.Services.AddSingleton(_ => new ScratchDirectory(directory.Path));
            builder.AddFileStore();
            add(builder);
            return builder.Build();
        }
    }

    /// <summary>Sends a request for a proxied image to one of the replicas.</summary>
    /// <returns>The alias, or the code of the problem.</returns>
    public async Task<string> GetAsync(string url, bool mayFetch = true, string? via = null)
    {
        var services = _replicas[Interlocked.Increment(ref _last) % _replicas.Count].Services;
        var http = new DefaultHttpContext();
        if (via is not null)
        {
            http.Request.Headers.Via = via;
        }

        var (image, _, problem) = await services.GetRequiredService<ProxyFlow>().FindAsync(http, url, mayFetch, CancellationToken.None);
        return image?.Alias.Value ?? (string)problem!.ProblemDetails.Extensions["code"]!;
    }

    /// <summary>Runs the sweep as if its interval had passed.</summary>
    public Task<long> SweepAsync() => _workers[0].Services.GetRequiredService<ImageProxiesDuty>().RunAsync(CancellationToken.None);

    public async Task<long> ExecuteAsync(string sql)
    {
        await using var command = _postgres.Database.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync() ?? 0, System.Globalization.CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _replicas.Concat(_workers))
        {
            await host.StopAsync();
            host.Dispose();
        }

        await _cluster.DisposeAsync();
        _directory.Dispose();
    }

    private static void AddWorker(HostApplicationBuilder builder)
    {
        builder.AddJobs();
        builder.AddDuties();
        ImageWorkHostExtensions.AddImages(builder);
        builder.AddFetching();
    }

    private static void AddApi(HostApplicationBuilder builder)
    {
        builder.AddJobQueue();
        builder.AddUrlRules();
        builder.AddImageUploads();
        builder.AddImageProxies();
        builder.Services.AddSingleton<ProxyFlow>();
    }

    /// <summary>A processor that knows PNG by its first bytes.</summary>
    private sealed class PngProcessor : IImageProcessor
    {
        public async Task<ImageOutcome<ImageDetails>> ProbeAsync(string path, ImageLimits limits, CancellationToken cancellationToken)
        {
            var bytes = await File.ReadAllBytesAsync(path, cancellationToken);
            return bytes.AsSpan().StartsWith(TestImages.PngHead)
                ? new(new ImageDetails { Format = ImageFormat.Png, Width = 1, Height = 1 }, Failure: null)
                : new(Value: null, new ImageFailure("image-unreadable", "The file is not a PNG."));
        }

        public Task<ImageOutcome<ImageDetails>> TransformAsync(
            string source, string destination, ImageRequest request, ImageLimits limits, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}

/// <summary>Bytes that look like a picture.</summary>
internal static class TestImages
{
    public static ReadOnlySpan<byte> PngHead => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];

    public static byte[] MakePng(int seed) => [.. PngHead, .. TestBytes.Make(seed, 5000)];
}
