using System.IO.Pipelines;
using System.Security.Cryptography;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Copies;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Integrity;
using MediaAspire.Core.Rebalancing;
using MediaAspire.Worker.Duties;
using MediaAspire.Worker.Queue;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace MediaAspire.Tests.Harness;

/// <summary>Chunk nodes in this process that are registered in a real PostgreSQL, for the worker's duties.</summary>
internal sealed class LivingCluster : IAsyncDisposable
{
    private readonly PostgresFixture _postgres;
    private readonly Dictionary<ServerId, TestNode> _nodes = [];
    private readonly HashSet<ServerId> _dead = [];
    private readonly Dictionary<FileId, byte[]> _files = [];
    private readonly ServiceProvider _services;

    private LivingCluster(PostgresFixture postgres, int copies)
    {
        _postgres = postgres;
        _services = MakeWorker(copies: copies);
    }

    public IReadOnlyList<ServerId> Servers => [.. _nodes.Keys];

    public IReadOnlyCollection<FileId> Files => _files.Keys;

    public CopyLedger Ledger => _services.GetRequiredService<CopyLedger>();

    public CopyMaker Maker => _services.GetRequiredService<CopyMaker>();

    public static async Task<LivingCluster> StartAsync(PostgresFixture postgres, int nodes, int copies = 2)
    {
        await postgres.ClearAsync("storage_servers", "files", "rebalances", "jobs", "dead_jobs", "duty_items", "copy_rates");
        var cluster = new LivingCluster(postgres, copies);
        for (var i = 0; i < nodes; i++)
        {
            await cluster.AddNodeAsync();
        }

        return cluster;
    }

    /// <summary>Creates the services of another worker, with its own view of the cluster.</summary>
    /// <param name="configure">Adds the worker's duties.</param>
    /// <param name="copies">The number of copies of each chunk.</param>
    public ServiceProvider MakeWorker(Action<IHostApplicationBuilder>? configure = null, int copies = 2)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Cluster:Token"] = TestNode.Token,
            ["Cluster:OfflineAfter"] = "01:00:00",
            ["Cluster:SuspectFor"] = "00:00:01",
            ["Chunks:Copies"] = $"{copies}",
            ["Chunks:MinSize"] = "1",
            ["Chunks:ConnectTimeout"] = "00:00:01",
            ["Repair:After"] = "02:00:00",
        });
        builder.Services.AddSingleton(_postgres.Database);
        builder.Services.AddSingleton<ICopyFaults, RecordedFaults>();
        builder.AddCluster();
        builder.AddFileStore();
        builder.AddCopies();
        builder.AddRebalances();
        builder.AddJobs();
        builder.AddDuties();
        configure?.Invoke(builder);
        return builder.Services.BuildServiceProvider();
    }

    public async Task<ServerId> AddNodeAsync()
    {
        var node = await TestNode.StartAsync(database: _postgres.ConnectionString, registers: false);
        var id = node.Id;
        _nodes.Add(id, node);
        await _services.GetRequiredService<NodeRegistry>().RegisterAsync(
            new NodeReport(id, PostgresFixture.Cluster, $"node-{_nodes.Count - 1}", node.Address, 1L << 40, UsedBytes: 0, ChunkCount: 0),
            CancellationToken.None);
        await RefreshAsync();
        return id;
    }

    public TestNode NodeOf(ServerId server) => _nodes[server];

    /// <summary>Stops a node for good, silent for long enough that its copies do not count.</summary>
    public async Task KillAsync(ServerId server)
    {
        _dead.Add(server);
        await _nodes[server].AbortAsync();
        await ExecuteAsync($"UPDATE storage_servers SET last_heartbeat = now() - interval '3 hours' WHERE server_id = '{server}'");
        await RefreshAsync();
    }

    public async Task DrainAsync(ServerId server)
    {
        await ExecuteAsync($"UPDATE storage_servers SET status = 'draining' WHERE server_id = '{server}'");
        await RefreshAsync();
    }

    public Task RefreshAsync() => _services.GetRequiredService<ClusterView>().RefreshAsync(CancellationToken.None);

    public async Task<FileId> UploadAsync(int seed, int size)
    {
        var bytes = TestBytes.Make(seed, size);
        var writer = _services.GetRequiredService<FileWriter>();
        await using var upload = await writer.BeginAsync(
            new NewFile("f", "application/octet-stream") { Length = size }, CancellationToken.None);
        await upload.WriteAsync(new MemoryStream(bytes), long.MaxValue, CancellationToken.None);
        await upload.CommitAsync(CancellationToken.None);
        _files.Add(upload.Id, bytes);
        return upload.Id;
    }

    public async Task UploadManyAsync(int count, int size)
    {
        for (var i = 0; i < count; i++)
        {
            await UploadAsync(i, size);
        }
    }

    public Task DeleteAsync(FileId file)
    {
        _files.Remove(file);
        return _services.GetRequiredService<FileCatalog>().DeleteAsync(file, owner: null, CancellationToken.None);
    }

    /// <summary>Reads a file through the product's reader and compares its bytes.</summary>
    public async Task AssertReadableAsync(FileId id)
    {
        var file = await _services.GetRequiredService<FileCatalog>().FindAsync(id, CancellationToken.None);
        Assert.NotNull(file);
        await using var range = await _services.GetRequiredService<FileReader>().OpenAsync(file, 0, file.Size, CancellationToken.None);
        using var bytes = new MemoryStream();
        var pipe = PipeWriter.Create(bytes);
        await range.SendAsync(pipe, CancellationToken.None);
        await pipe.CompleteAsync();
        Assert.Equal(SHA256.HashData(_files[id]), SHA256.HashData(bytes.ToArray()));
    }

    public async Task AssertAllReadableAsync()
    {
        foreach (var file in _files.Keys)
        {
            await AssertReadableAsync(file);
        }
    }

    /// <summary>Records the endangered chunks, by a walk over all chunks.</summary>
    public async Task AssessAsync()
    {
        var walk = ActivatorUtilities.CreateInstance<IntegrityWalk>(_services);
        Assert.True((await walk.StepAsync(pageSize: 100_000, CancellationToken.None)).HasEnded);
    }

    /// <summary>Records that a copy is damaged or gone, as the auditor does.</summary>
    public async Task MarkAsync(ChunkId chunk, ServerId server, string status)
    {
        await RunAsync(CopyTransitions.MarkDamaged(chunk, server, status));
        await _services.GetRequiredService<EndangeredChunks>().AssessAsync([chunk], CancellationToken.None);
    }

    /// <summary>Deletes the copies that are marked for removal, as the duty does.</summary>
    public async Task<int> CollectAsync()
    {
        var doomed = (await CopiesAsync()).Where(copy => copy.Status == CopyStatus.Deleting && !_dead.Contains(copy.Server)).ToList();
        foreach (var copy in doomed)
        {
            await _nodes[copy.Server].Client.DeleteAsync(copy.Chunk, CancellationToken.None);
            await RunAsync(CopyRemovals.Confirm(copy.Server, [copy.Chunk]));
        }

        return doomed.Count;
    }

    public async Task<List<(ChunkId Chunk, ServerId Server, string Status)>> CopiesAsync()
    {
        await using var command = _postgres.Database.CreateCommand("SELECT chunk_id, server_id, status FROM chunk_replicas");
        await using var reader = await command.ExecuteReaderAsync();
        var copies = new List<(ChunkId, ServerId, string)>();
        while (await reader.ReadAsync())
        {
            copies.Add((new ChunkId(reader.GetGuid(0)), new ServerId(reader.GetGuid(1)), reader.GetString(2)));
        }

        return copies;
    }

    /// <summary>
    /// Asserts that every chunk has the right number of intact copies on live servers, and that the disks have no other chunks.
    /// </summary>
    public async Task AssertWholeAsync(int copies)
    {
        await CollectAsync();
        var alive = (await CopiesAsync()).Where(copy => !_dead.Contains(copy.Server)).ToList();
        Assert.All(alive, copy => Assert.Equal(CopyStatus.Stored, copy.Status));
        Assert.All(alive.CountBy(copy => copy.Chunk), chunk => Assert.Equal(copies, chunk.Value));
        Assert.Equal(await ScalarAsync<long>("SELECT count(*) FROM chunks"), alive.DistinctBy(copy => copy.Chunk).Count());
        foreach (var copy in alive)
        {
            Assert.True((await _nodes[copy.Server].Client.VerifyAsync(copy.Chunk, CancellationToken.None)).IsIntact);
        }

        Assert.Equal(alive.Count, _nodes.Where(node => !_dead.Contains(node.Key)).Sum(node => node.Value.Files.Length));
        await AssertAllReadableAsync();
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = _postgres.Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = _postgres.Database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Flips a bit in a chunk's file.</summary>
    public void Damage(ServerId server, ChunkId chunk)
    {
        var path = Assert.Single(_nodes[server].Files, file => Path.GetFileNameWithoutExtension(file) == $"{chunk}");
        using var file = File.Open(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        var first = file.ReadByte();
        file.Position = 0;
        file.WriteByte((byte)(first ^ 1));
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        foreach (var node in _nodes.Values)
        {
            await node.DisposeAsync();
        }
    }

    private async Task RunAsync(NpgsqlBatchCommand command)
    {
        await using var batch = _postgres.Database.CreateBatch();
        batch.BatchCommands.Add(command);
        await batch.ExecuteNonQueryAsync();
    }
}
