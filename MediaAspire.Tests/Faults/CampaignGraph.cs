using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MediaAspire.Tests.Faults;

/// <summary>The whole AppHost for one campaign, with short times, so that hours of waiting pass in minutes.</summary>
internal sealed partial class CampaignGraph : IAsyncDisposable
{
    public const int Nodes = 6;

    /// <summary>Gets the node whose disk is filled.</summary>
    public const string SmallNode = "storage-6";

    // A node's share of the campaign's live bytes and of the bytes that await collection, and little more.
    private const int SmallDiskMebibytes = 384;

    private const string Marker = "MEDIAASPIRE_FAULTS_RUN";

    private static readonly TimeSpan s_startTimeout = TimeSpan.FromMinutes(5);

    private static readonly string[] s_settings =
    [
        string.Create(CultureInfo.InvariantCulture, $"S3:MinPartSize={S3UploadPlan.MinPartBytes}"),
        "Cluster:HeartbeatInterval=00:00:01",
        "Cluster:OfflineAfter=00:00:04",
        "Cluster:RefreshInterval=00:00:02",
        "Cluster:SuspectFor=00:00:02",
        "Chunks:IdleTimeout=00:00:03",
        "Chunks:ConnectTimeout=00:00:01",

        // Without a cache, so that reads come from the disks.
        "Chunks:CacheBytes=0",

        "Uploads:SessionLifetime=00:00:30",
        "Uploads:CleanUpTimeout=00:00:05",
        "Duties:LeaseDuration=00:00:05",
        "Duties:RetryDelay=00:00:01",
        "Membership:Interval=00:00:01",
        "Repair:After=00:00:08",
        "Repair:Interval=00:00:02",
        "Repair:MaxBytesPerSecond=0",
        "Sweeping:SessionsInterval=00:00:03",
        "Sweeping:UnfinishedGrace=00:00:20",
        "Sweeping:DeletedFilesInterval=00:00:02",
        "Sweeping:DeletedFilesGrace=00:00:03",
        "Sweeping:RemovalInterval=00:00:02",
        "Sweeping:RemovalGrace=00:00:03",
        "Sweeping:OrphansInterval=00:00:05",
        "Sweeping:OrphanGrace=00:00:10",

        // Killed processes leave unknown chunks all the time, and the final check expects none.
        "Sweeping:MaxOrphanShare=1",
        "Integrity:Interval=00:00:03",
        "Scrubbing:Scheduled=false",
        "Scrubbing:MaxBytesPerSecond=1073741824",
        "Scrubbing:Interval=00:00:01",
        "Media:MaxTries=100",
        "Media:RetryDelay=00:00:01",
        "Media:MaxRetryDelay=00:00:03",
        "Media:SyncInterval=00:00:05",
        "Media:RequeueAfter=00:00:10",
        "MediaObjects:DeletionInterval=00:00:01",
        "MediaObjects:AuditInterval=00:00:10",
        "Notifications:MaxAttempts=100",
        "Notifications:FirstDelay=00:00:00.5",
        "Notifications:LongestDelay=00:00:03",
    ];

    private readonly DirectoryInfo _data = DataDirectories.Create("mediaaspire-faults-");
    private readonly string _run = Guid.CreateVersion7().ToString("N");
    private readonly CampaignLog _log;
    private readonly GraphLogFile _graphLog;
    private DistributedApplication? _app;
    private NpgsqlDataSource? _database;
    private SmallDisk? _smallDisk;

    private CampaignGraph(CampaignLog log)
    {
        _log = log;
        _graphLog = new GraphLogFile(Path.Combine(log.Directory, "graph.log"));
    }

    public DistributedApplication App => _app ?? throw new InvalidOperationException("The graph is not started.");

    public NpgsqlDataSource Database => _database ?? throw new InvalidOperationException("The graph is not started.");

    /// <summary>Gets the disk of <see cref="SmallNode"/>; null if this process may not mount one.</summary>
    public SmallDisk? SmallDisk => _smallDisk;

    /// <summary>Gets the API's address, which survives a restart.</summary>
    public Uri ApiAddress => App.GetEndpoint("api", "http");

    /// <summary>Gets the address of the API's admin listener, which survives a restart too.</summary>
    public Uri AdminAddress => App.GetEndpoint("api", "admin");

    /// <summary>Gets the graph's own API key.</summary>
    public Task<string> GetKeyAsync() => App.GetSecretAsync("admin-key");

    /// <summary>Gets the connection string of the graph's own S3, whose address survives a restart too.</summary>
    public async Task<string> GetObjectStoreAsync() => (await App.GetConnectionStringAsync("s3"))!;

    public static IEnumerable<string> NodeNames => Enumerable.Range(1, Nodes).Select(number => $"storage-{number}");

    public static async Task<CampaignGraph> StartAsync(CampaignLog log)
    {
        var graph = new CampaignGraph(log);
        try
        {
            await graph.StartAsync();
            return graph;
        }
        catch
        {
            await graph.DisposeAsync();
            throw;
        }
    }

    /// <summary>Gets the data directory of a node.</summary>
    public string DirectoryOf(string node) => Path.Combine(_data.FullName, node);

    /// <summary>Stops the graph and kills its remaining processes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }

        // A paused process does not receive SIGTERM.
        await ProcessTree.SignalAsync("CONT", ProcessTree.Find($"{Marker}={_run}", _data.FullName));
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        await EndLeftoversAsync();
        _graphLog.Dispose();
        if (_smallDisk is not null)
        {
            await _smallDisk.DisposeAsync();
        }

        _data.Delete(recursive: true);
    }

    private async Task StartAsync()
    {
        using var timeout = new CancellationTokenSource(s_startTimeout);
        (_smallDisk, var reason) = await SmallDisk.TryMountAsync(DirectoryOf(SmallNode), SmallDiskMebibytes);
        if (reason is not null)
        {
            _log.Count("fault FillDisk", $"skipped, no right to mount ({reason})");
        }

        // Every process of the graph inherits it, and no other process has it.
        Environment.SetEnvironmentVariable(Marker, _run);
        try
        {
            var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.MediaAspire_AppHost>(
                [
                    "--Engines=processes", $"--Data:Directory={_data.FullName}", $"--Storage:Nodes={Nodes}",
                    "--ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL=",
                    .. s_settings.Select(setting => $"--{setting}"),
                ],
                timeout.Token);
            var smallNode = builder.Resources.OfType<ProjectResource>().Single(node => node.Name == SmallNode);
            builder.CreateResourceBuilder(smallNode).WithEnvironment("Storage__ReserveSpaceBytes", "0");
            builder.Services.AddLogging(logging => logging.AddProvider(_graphLog));
            _app = await builder.BuildAsync(timeout.Token);
            await _app.StartAsync(timeout.Token);
            await WaitHealthyAsync("api", timeout.Token);
            await WaitHealthyAsync("worker", timeout.Token);
            ForgetStartOrder();
        }
        finally
        {
            Environment.SetEnvironmentVariable(Marker, null);
        }

        var connectionString = (await _app.GetConnectionStringAsync("media", timeout.Token))!;
        _database = NpgsqlDataSource.Create($"{connectionString};Timeout=5;Command Timeout=10;Maximum Pool Size=20");
    }

    /// <summary>Removes the start order: a restart must not wait for other resources, which may be killed or paused at the time.</summary>
    private void ForgetStartOrder()
    {
        foreach (var resource in App.Services.GetRequiredService<DistributedApplicationModel>().Resources)
        {
            foreach (var wait in resource.Annotations.OfType<WaitAnnotation>().ToList())
            {
                resource.Annotations.Remove(wait);
            }
        }
    }

    private async Task EndLeftoversAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        try
        {
            while (ProcessTree.Find($"{Marker}={_run}", _data.FullName).Count > 0)
            {
                await poll.WaitForNextTickAsync(patience.Token);
            }
        }
        catch (OperationCanceledException)
        {
            var left = ProcessTree.Find($"{Marker}={_run}", _data.FullName);
            var commands = left.Select(id => $"{id} {ProcessTree.CommandOf(id)}");
            _log.Write("graph", $"still running after the stop, killed: {string.Join("; ", commands)}");
            await ProcessTree.SignalAsync("KILL", left);
        }
    }
}
