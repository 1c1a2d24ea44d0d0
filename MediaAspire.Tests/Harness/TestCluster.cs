using MediaAspire.Core.Chunks;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Tests.Harness;

/// <summary>Chunk nodes in this process, and the view of them that writers and readers share.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly NpgsqlDataSource _database = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Timeout=1");

    private TestCluster(IReadOnlyList<TestNode> nodes, bool directTransfers)
    {
        Nodes = nodes;
        Servers = [.. nodes.Select((node, index) => new ClusterServer(
            node.Id, $"node-{index}", node.Address, ServerStatus.Online, AvailableBytes: 1L << 40, UsedBytes: 0, ChunkCount: 0))];

        var options = Options.Create(new ClusterOptions());
        View = new ClusterView(
            new NodeRegistry(_database, options), ActivatorUtilities.CreateInstance<ClusterMetrics>(_services), options, Time);
        Show();
        foreach (var node in nodes)
        {
            node.Sources = Servers;
        }

        Clients = TestNode.MakeClients(
            idleTimeout: TimeSpan.FromSeconds(2), wholeChunkTimeout: TimeSpan.FromSeconds(4), directTransfers: directTransfers);
    }

    public IReadOnlyList<TestNode> Nodes { get; }

    public IReadOnlyList<ClusterServer> Servers { get; private set; }

    public ClusterView View { get; }

    /// <summary>Gets the clock by which servers are suspected.</summary>
    public ManualTime Time { get; } = new();

    public ChunkNodeClients Clients { get; }

    /// <summary>Gets the servers that a writer recorded in the place of failed ones.</summary>
    public List<ServerId> Successors { get; } = [];

    public static Task<TestCluster> StartAsync(int nodes, bool directTransfers = true) =>
        StartAsync(Enumerable.Repeat<long?>(null, nodes), directTransfers);

    /// <summary>Starts a node for every capacity; null is one without a limit.</summary>
    public static async Task<TestCluster> StartAsync(IEnumerable<long?> capacities, bool directTransfers = true) =>
        new(await Task.WhenAll(capacities.Select(capacity => TestNode.StartAsync(capacity: capacity))), directTransfers);

    /// <summary>Creates a writer that prefers the nodes in their order and may fall back on all of them.</summary>
    public ChunkWriter MakeWriter(ChunkId chunk, int copies, bool allowDegraded = false)
    {
        var placement = new ChunkPlacement(
            chunk, FileId.New(TimeProvider.System), expectedSize: null, [.. Servers.Take(copies)], Servers);

        return new ChunkWriter(placement, new ChunkWriterContext(Clients, View, copies, allowDegraded, Record, NullLogger.Instance));

        Task Record(ChunkId id, ServerId server, CancellationToken cancellationToken)
        {
            Assert.Equal(chunk, id);
            Successors.Add(server);
            return Task.CompletedTask;
        }
    }

    /// <summary>Gets the copies that readers reported.</summary>
    public RecordedFaults Faults { get; } = new();

    public ChunkReader MakeReader(IChunkLocator? locator = null, ChunkCache? cache = null) =>
        new(View, Clients, cache ?? Caches.None(), locator ?? new FixedLocator([], []), Faults, NullLogger<ChunkReader>.Instance);

    /// <summary>Replaces the address of a node in the view.</summary>
    public void Replace(int server, Uri address)
    {
        Servers = [.. Servers.Select((one, index) => index == server ? one with { Address = address } : one)];
        Show();
        foreach (var node in Nodes)
        {
            node.Sources = Servers;
        }
    }

    public void SetStatus(int server, ServerStatus status)
    {
        Servers = [.. Servers.Select((one, index) => index == server ? one with { Status = status } : one)];
        Show();
    }

    private void Show() => View.Show(new ClusterSnapshot(
        Servers,
        Servers.SelectMany(
            server => Enumerable.Range(0, HashRing.DefaultVirtualNodes),
            (server, i) => new RingNode(server.Id, HashRing.PointOf(server.Id, i)))));

    public async ValueTask DisposeAsync()
    {
        Clients.Dispose();
        foreach (var node in Nodes)
        {
            await node.DisposeAsync();
        }

        await _database.DisposeAsync();
        await _services.DisposeAsync();
    }
}
