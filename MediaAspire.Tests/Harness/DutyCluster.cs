using System.Security.Cryptography;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Copies;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using MediaAspire.Worker.Duties;
using MediaAspire.Worker.Integrity;
using MediaAspire.Worker.Sweeping;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MediaAspire.Tests.Harness;

/// <summary>Chunk nodes of this process that are registered in a real database, the worker's duties, and a writer of files.</summary>
internal sealed class DutyCluster : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly PostgresFixture _postgres;

    private DutyCluster(PostgresFixture postgres, IReadOnlyList<TestNode> nodes, IHost host)
    {
        _postgres = postgres;
        _host = host;
        Nodes = nodes;
        Servers = [.. nodes.Select(node => node.Id)];
    }

    public IReadOnlyList<TestNode> Nodes { get; }

    public IReadOnlyList<ServerId> Servers { get; }

    public FileCatalog Catalog => Get<FileCatalog>();

    /// <param name="postgres">The database; it is emptied.</param>
    /// <param name="nodes">The number of nodes.</param>
    /// <param name="settings">Settings besides grace periods of 0 and files of one chunk.</param>
    public static async Task<DutyCluster> StartAsync(PostgresFixture postgres, int nodes, params (string Key, string Value)[] settings)
    {
        await postgres.ClearAsync("storage_servers", "files", "detected_restores");
        await postgres.ExecuteAsync("DELETE FROM integrity_walk");
        await postgres.ExecuteAsync("INSERT INTO integrity_walk DEFAULT VALUES");

        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Cluster:Token"] = TestNode.Token,
            ["Chunks:Count"] = "1",
            ["Chunks:IdleTimeout"] = "00:00:05",
            ["Sweeping:UnfinishedGrace"] = "00:00:00",
            ["Sweeping:DeletedFilesGrace"] = "00:00:00",
            ["Sweeping:RemovalGrace"] = "00:00:00",
            ["Sweeping:OrphanGrace"] = "00:00:00",

            // A test's disks hold a few chunks.
            ["Sweeping:MaxOrphanShare"] = "1",
        });
        builder.Configuration.AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Key, setting.Value)));
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(postgres.Database);
        builder.AddCluster();
        builder.AddFileStore();
        builder.AddCopyFaultReports();
        builder.AddDuties();
        builder.AddSweeping();
        builder.AddIntegrity();

        var cluster = new DutyCluster(
            postgres, await Task.WhenAll(Enumerable.Range(0, nodes).Select(_ => TestNode.StartAsync())), builder.Build());
        for (var i = 0; i < nodes; i++)
        {
            await cluster.RegisterAsync(i);
        }

        await cluster.Get<ClusterView>().RefreshAsync(default);
        return cluster;
    }

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    public Task<long> RunAsync<TDuty>()
        where TDuty : IDuty => Get<TDuty>().RunAsync(CancellationToken.None);

    /// <summary>Gets a node of the cluster's view.</summary>
    public ClusterServer OnRecord(int node) => Get<ClusterView>().Current.Servers.Single(server => server.Id == Servers[node]);

    /// <param name="node">The node.</param>
    /// <param name="at">The node whose address it has; its own if null.</param>
    public Task RegisterAsync(int node, int? at = null) => Get<NodeRegistry>().RegisterAsync(
        new NodeReport(Servers[node], PostgresFixture.Cluster, $"node-{node}", Nodes[at ?? node].Address, 1L << 40, 0, 0),
        CancellationToken.None);

    /// <summary>Stores a file whole.</summary>
    public async Task<StoredFile> StoreAsync(int bytes = 1000, int seed = 1)
    {
        using var body = new MemoryStream(TestBytes.Make(seed, bytes));
        await using var upload = await Get<FileWriter>().BeginAsync(
            new NewFile("a.bin", "application/octet-stream") { Length = bytes }, default);
        await upload.WriteAsync(body, long.MaxValue, default);
        var summary = await upload.CommitAsync(default);
        return (await Catalog.FindAsync(summary.Id, default))!;
    }

    /// <summary>Begins an upload of one chunk and writes its rows and its bytes on two nodes, but does not commit it.</summary>
    public async Task<Unfinished> BeginAsync(TimeSpan session, int copies = 2)
    {
        var file = FileId.New(TimeProvider.System);
        var chunk = ChunkId.New(TimeProvider.System);
        var bytes = TestBytes.Make(3, 1000);
        var planned = new PlannedChunk(chunk, 0, 0, [.. Servers.Take(copies)]);
        await Catalog.BeginAsync(file, new NewFile("a.bin", "text/plain"), copies, session, planned, default);
        foreach (var node in Nodes.Take(copies))
        {
            await node.PutAsync(bytes, chunk);
        }

        return new Unfinished(file, new WrittenChunk(chunk, bytes.Length, new Sha256Digest(SHA256.HashData(bytes)), planned.Servers));
    }

    /// <returns>The time at which the file became visible; null if it did not.</returns>
    public async Task<DateTimeOffset?> CommitAsync(Unfinished upload)
    {
        var completion = await Catalog.CompleteAsync(
            upload.File, owner: null, upload.Chunk.Size, upload.Chunk.Sha256, [upload.Chunk], upload.Chunk.Servers.Count,
            condition: null, CancellationToken.None);
        return completion.Outcome == CompletionOutcome.Completed ? completion.CompletedAt : null;
    }

    /// <summary>Reads the states of a chunk's copies by node, such as "stored stored -"; a dash for a missing row.</summary>
    public async Task<string> StatesAsync(ChunkId chunk)
    {
        var states = new string[Servers.Count];
        for (var i = 0; i < states.Length; i++)
        {
            states[i] = await _postgres.ScalarAsync<string>(
                "SELECT status FROM chunk_replicas WHERE chunk_id = $1 AND server_id = $2", chunk.Value, Servers[i].Value) ?? "-";
        }

        return string.Join(' ', states);
    }

    public Task<string?> StatusAsync(FileId file) =>
        _postgres.ScalarAsync<string>("SELECT upload_status FROM files WHERE file_id = $1", file.Value);

    public int NodeOf(ServerId server) => Servers.ToList().IndexOf(server);

    /// <summary>Finds the nodes that have a chunk on their disks.</summary>
    public int[] NodesWith(ChunkId chunk) =>
        [.. Enumerable.Range(0, Nodes.Count).Where(i =>
            Nodes[i].Files.Any(path => path.Contains(chunk.ToString(), StringComparison.Ordinal)))];

    public string PathOn(int node, ChunkId chunk) =>
        Nodes[node].Files.Single(path => path.Contains(chunk.ToString(), StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        _host.Dispose();
        foreach (var node in Nodes)
        {
            await node.DisposeAsync();
        }
    }

    /// <summary>An upload that is not committed.</summary>
    public sealed record Unfinished(FileId File, WrittenChunk Chunk);
}

internal static class PostgresQueries
{
    public static async Task<int> ExecuteAsync(this PostgresFixture postgres, string sql, params object[] values)
    {
        await using var command = Make(postgres.Database, sql, values);
        return await command.ExecuteNonQueryAsync();
    }

    public static async Task<T?> ScalarAsync<T>(this PostgresFixture postgres, string sql, params object[] values)
    {
        await using var command = Make(postgres.Database, sql, values);
        return (await command.ExecuteScalarAsync()) is T value ? value : default;
    }

    private static NpgsqlCommand Make(NpgsqlDataSource database, string sql, object[] values)
    {
        var command = database.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return command;
    }
}
