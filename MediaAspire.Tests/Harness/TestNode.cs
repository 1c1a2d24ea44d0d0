using System.Globalization;
using System.Security.Cryptography;
using Grpc.Net.Client;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Chunks.Transfers;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;
using MediaAspire.ServiceDefaults;
using MediaAspire.Storage.Chunks;
using MediaAspire.Storage.Health;
using MediaAspire.Storage.Membership;
using MediaAspire.Storage.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Tests.Harness;

/// <summary>
/// A chunk node in this process with its own port and client. Its database is unreachable unless one is given.
/// </summary>
internal sealed class TestNode : IAsyncDisposable
{
    /// <summary>The token of the clusters of the tests.</summary>
    public const string Token = "token-of-the-tests-clusters";

    private readonly WebApplication _app;
    private readonly TemporaryDirectory _directory;
    private readonly bool _ownsDirectory;
    private readonly ChunkNodeClients _clients;

    private TestNode(WebApplication app, TemporaryDirectory directory, bool ownsDirectory, ChunkNodeClients clients)
    {
        _app = app;
        _directory = directory;
        _ownsDirectory = ownsDirectory;
        _clients = clients;
        Address = new Uri(app.Urls.Single());
    }

    public Uri Address { get; }

    /// <summary>Gets or sets the servers from which the node copies, if it has no database.</summary>
    public IReadOnlyCollection<ClusterServer> Sources
    {
        get => _app.Services.GetRequiredService<FixedSources>().Servers;
        set => _app.Services.GetRequiredService<FixedSources>().Servers = value;
    }

    public string DataDirectory => _directory.Path;

    public ChunkNodeClient Client => _clients.Get(Address);

    public ServerId Id => _app.Services.GetRequiredService<NodeIdentity>().Id;

    public ClusterId? Cluster => _app.Services.GetRequiredService<NodeIdentity>().Cluster;

    /// <summary>Gets the last mark of the database that the node has seen.</summary>
    public HeartbeatMark SeenMark => _app.Services.GetRequiredService<DeletionFence>().Seen;

    /// <summary>Has the node trust its database, as an answer to a report does.</summary>
    public void Confirm(HeartbeatMark mark) => _app.Services.GetRequiredService<DeletionFence>().Confirm(mark, isRestoreOpen: false);

    public bool MayEmptyTrash => _app.Services.GetRequiredService<DeletionFence>().IsSettled;

    public ChunkStore Store => _app.Services.GetRequiredService<ChunkStore>();

    /// <summary>Gets the endpoints that the node serves.</summary>
    public IReadOnlyList<Endpoint> Endpoints => _app.Services.GetRequiredService<EndpointDataSource>().Endpoints;

    public string[] Incoming => Directory.GetFiles(Path.Combine(_directory.Path, "incoming"));

    public string[] Files => Directory.GetFiles(Path.Combine(_directory.Path, "chunks"), "*", SearchOption.AllDirectories);

    /// <param name="token">The cluster's token.</param>
    /// <param name="reserve">Free bytes that chunks may not use.</param>
    /// <param name="clientToken">The token that <see cref="Client"/> sends; the cluster's by default.</param>
    /// <param name="database">The node's database.</param>
    /// <param name="heartbeat">The pause between two reports.</param>
    /// <param name="capacity">The maximum number of bytes of chunk files.</param>
    /// <param name="time">The node's clock.</param>
    /// <param name="directTransfers">True to have <see cref="Client"/> put over transfer connections.</param>
    /// <param name="directory">The node's disk, which outlives it; by default one of <see cref="PostgresFixture.Cluster"/>.</param>
    /// <param name="withDefaults">True to add and map telemetry, health and metrics, as in every process of the graph.</param>
    /// <param name="registers">False for a node that reads its database, but does not register there.</param>
    /// <param name="tls">The certificates of the node and of <see cref="Client"/>.</param>
    /// <param name="secondToken">A second token that the node accepts.</param>
    public static async Task<TestNode> StartAsync(
        string token = Token,
        long reserve = 0,
        string? clientToken = null,
        string? database = null,
        TimeSpan? heartbeat = null,
        long? capacity = null,
        TimeProvider? time = null,
        bool directTransfers = true,
        TemporaryDirectory? directory = null,
        bool withDefaults = false,
        string secondToken = "",
        bool registers = true,
        ClusterTlsOptions? tls = null)
    {
        var ownsDirectory = directory is null;
        if (directory is null)
        {
            directory = new TemporaryDirectory();
            await File.WriteAllTextAsync(Path.Combine(directory.Path, "cluster_id"), $"{PostgresFixture.Cluster}\n");
            await File.WriteAllTextAsync(Path.Combine(directory.Path, "database_mark"), "1 0 2026-01-01T00:00:00.0000000+00:00\n");
        }

        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = directory.Path });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Storage:DataDirectory"] = directory.Path,
            ["Storage:AllowEphemeralData"] = "true",
            ["Storage:ReserveSpaceBytes"] = $"{reserve}",
            ["Storage:CapacityBytes"] = capacity?.ToString(CultureInfo.InvariantCulture),
            ["Cluster:Token"] = token,
            ["Cluster:SecondToken"] = secondToken,
            ["Cluster:Tls:CertificatePath"] = tls?.CertificatePath ?? "",
            ["Cluster:Tls:KeyPath"] = tls?.KeyPath ?? "",
            ["Cluster:Tls:AuthorityPath"] = tls?.AuthorityPath ?? "",
            ["Cluster:HeartbeatInterval"] = $"{heartbeat ?? TimeSpan.FromSeconds(10):c}",
        });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        if (withDefaults)
        {
            builder.AddServiceDefaults();
            builder.AddDiagnosticsToken<ClusterOptions>(cluster => [cluster.Token, cluster.SecondToken]);
        }

        builder.Services.AddSingleton(_ => NpgsqlDataSource.Create(database ?? "Host=127.0.0.1;Port=1;Timeout=1"));
        if (database is null)
        {
            builder.Services.AddSingleton<FixedSources>();
            builder.Services.AddSingleton<ICopySources>(services => services.GetRequiredService<FixedSources>());
        }

        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.AddChunkStore();
        builder.AddMembership();
        if (!registers)
        {
            // The only hosted service with a factory.
            builder.Services.Remove(builder.Services.Single(
                service => service.ServiceType == typeof(IHostedService) && service.ImplementationFactory is not null));
        }

        builder.AddNodeHealth();
        builder.AddChunkServer();
        var app = builder.Build();
        if (withDefaults)
        {
            app.MapDefaultEndpoints();
        }

        app.MapChunkStore();
        app.MapNodeHealth();
        await app.StartAsync();
        return new TestNode(app, directory, ownsDirectory, MakeClients(clientToken ?? token, directTransfers: directTransfers, tls: tls));
    }

    public static ChunkNodeClients MakeClients(
        string token = Token,
        TimeSpan? idleTimeout = null,
        TimeSpan? wholeChunkTimeout = null,
        bool directTransfers = true,
        ClusterTlsOptions? tls = null)
    {
        var options = Options.Create(new ChunkOptions
        {
            IdleTimeout = idleTimeout ?? TimeSpan.FromSeconds(10),
            WholeChunkTimeout = wholeChunkTimeout ?? TimeSpan.FromMinutes(2),
            DirectTransfers = directTransfers,
        });
        var cluster = Options.Create(new ClusterOptions { Token = token, Tls = tls ?? new() });
        return new(
            options,
            cluster,
            new ClusterCertificates(cluster, TimeProvider.System, NullLogger<ClusterCertificates>.Instance),
            new TransferTransports(options, cluster, TimeProvider.System),
            TimeProvider.System);
    }

    /// <summary>Creates a channel without the product's client.</summary>
    /// <param name="token">The token that each call presents; null for none.</param>
    public GrpcChannel OpenChannel(string? token = Token) => GrpcChannel.ForAddress(
        Address, new GrpcChannelOptions { HttpHandler = new TokenHandler(token), DisposeHttpClient = true });

    public async Task<ChunkId> PutAsync(byte[] bytes, ChunkId? id = null)
    {
        var chunk = id ?? ChunkId.New(TimeProvider.System);
        using var put = await Client.BeginPutAsync(chunk, FileId.New(TimeProvider.System), bytes.Length, CancellationToken.None);
        foreach (var run in Runs.Cut(bytes))
        {
            using (run)
            {
                await put.WriteOrThrowAsync(run, CancellationToken.None);
            }
        }

        await put.SealOrThrowAsync(bytes.Length, SHA256.HashData(bytes), CancellationToken.None);
        return chunk;
    }

    public async Task<byte[]> GetAsync(ChunkId chunk, long offset, long length)
    {
        using var bytes = new MemoryStream();
        await foreach (var run in Client.GetAsync(chunk, offset, length, CancellationToken.None))
        {
            using (run)
            {
                bytes.Write(run.Data.Span);
            }
        }

        return bytes.ToArray();
    }

    /// <summary>Waits until the node has dropped every unfinished chunk.</summary>
    public async Task WaitUntilNothingIncomingAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (Incoming.Length > 0)
        {
            Assert.False(limit.IsCancellationRequested, $"The node keeps {Incoming.Length} unfinished chunks.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
        }
    }

    /// <summary>Waits until a chunk is sealed here.</summary>
    public async Task<ChunkId> WaitForChunkAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (Files.Length == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }

        return ChunkId.TryParse(Path.GetFileNameWithoutExtension(Files[0]), out var chunk)
            ? chunk
            : throw new InvalidDataException(Files[0]);
    }

    /// <summary>Runs the node's own health checks.</summary>
    public Task<HealthReport> CheckHealthAsync() => _app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

    /// <summary>Stops the node gracefully.</summary>
    public Task StopAsync() => _app.StopAsync();

    /// <summary>Breaks every connection, as a process that is killed does.</summary>
    public Task AbortAsync() => _app.StopAsync(new CancellationToken(canceled: true));

    public async ValueTask DisposeAsync()
    {
        _clients.Dispose();
        await AbortAsync();
        await _app.DisposeAsync();
        if (_ownsDirectory)
        {
            _directory.Dispose();
        }
    }

    private sealed class TokenHandler(string? token) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (token is not null)
            {
                request.Headers.Add(ClusterToken.HeaderName, token);
            }

            return base.SendAsync(request, cancellationToken);
        }
    }
}
