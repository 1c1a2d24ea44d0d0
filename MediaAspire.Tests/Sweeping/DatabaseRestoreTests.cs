using MediaAspire.Core.Cluster;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using MediaAspire.Core.NodeAdministration;
using MediaAspire.Storage.Chunks;
using MediaAspire.Tests.Harness;
using MediaAspire.Worker.Sweeping;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace MediaAspire.Tests.Sweeping;

/// <summary>Real nodes whose database is replaced by one that was restored from a dump.</summary>
public sealed class DatabaseRestoreTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime, IDisposable
{
    private const int Nodes = 3;

    private readonly TemporaryDirectory _backup = new();
    private readonly TemporaryDirectory[] _disks = [.. Enumerable.Range(0, Nodes).Select(_ => new TemporaryDirectory())];
    private readonly TestNode?[] _nodes = new TestNode?[Nodes];
    private SwappedDatabase _database = null!;
    private SwappedWorker _worker = null!;

    private string Dump => Path.Combine(_backup.Path, "media.dump");

    public async Task InitializeAsync()
    {
        _database = await SwappedDatabase.CreateAsync(postgres);
        _worker = new SwappedWorker(_database.Source);
    }

    public async Task DisposeAsync()
    {
        await StopNodesAsync();
        await _database.DisposeAsync();
    }

    public void Dispose()
    {
        _worker.Dispose();
        _backup.Dispose();
        foreach (var disk in _disks)
        {
            disk.Dispose();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_restored_database_deletes_nothing_until_it_is_accepted_and_then_nothing_for_good(bool nodesKeepRunning)
    {
        var time = new ManualTime();
        await StartNodesAsync(time: time);
        var old = TestBytes.Make(1, 600_000);
        var oldFile = await _worker.StoreAsync(old);
        var gone = await _worker.StoreAsync(TestBytes.Make(2, 600_000));
        await _worker.Get<FileCatalog>().DeleteAsync(gone, null, default);
        await _database.DumpAsync(Dump);

        // Acknowledged since the backup; and removed since, in good order.
        var young = TestBytes.Make(3, 600_000);
        var youngFile = await _worker.StoreAsync(young);
        await _worker.RunDutiesAsync();
        Assert.Equal((24, 12), (CountFiles(), CountTrash()));
        await WaitForHeartbeatsAsync();
        time.Advance(TimeSpan.FromHours(1));
        if (!nodesKeepRunning)
        {
            await StopNodesAsync();
        }

        // The sweeps may come before the first heartbeat that could notice it.
        await _database.SwapForDumpAsync(Dump);
        await _worker.RunDutiesAsync();
        await StartNodesAsync(time: time);
        await Until.TrueAsync("every node has reported", async () => (await ReadHistoryAsync()).OpenRestores.Count == Nodes);
        for (var round = 0; round < 3; round++)
        {
            await _worker.RunDutiesAsync();
        }

        Assert.Equal((24, 12), (CountFiles(), CountTrash()));
        await AssertAlarmAsync();
        Assert.Equal(old, await _worker.ReadAsync(oldFile));

        // The operator looks, and accepts: what the restored database does not know goes to the trash.
        Assert.Null(await Restores.AcceptAsync(epoch: 7, default));
        Assert.Equal(2, await Restores.AcceptAsync(epoch: 1, default));
        Assert.Null(await Restores.AcceptAsync(epoch: null, default));
        await Until.TrueAsync("every node follows the restored database", () => Task.FromResult(_nodes.All(node =>
            node!.SeenMark.Epoch == 2 && node.MayEmptyTrash)));
        await _worker.RunDutiesAsync();
        await _worker.RunDutiesAsync();
        Assert.Equal((12, 24), (CountFiles(), CountTrash()));
        Assert.Equal(old, await _worker.ReadAsync(oldFile));

        // The right database turns up again. Its epoch is lower, so the nodes refuse it until that is accepted, too.
        await _database.SwapBackAsync();
        await Until.TrueAsync("every node has refused", async () =>
            (await ReadHistoryAsync()).OpenRestores.Count(restore => restore.Seen.Epoch == 2) == Nodes);
        var reason = (await _nodes[0]!.CheckHealthAsync()).Entries["membership"].Description!;
        Assert.All(["epoch 1", "epoch 2", "accept-restore"], part => Assert.Contains(part, reason, StringComparison.Ordinal));
        await _worker.RunDutiesAsync();
        Assert.Equal(3, await Restores.AcceptAsync(epoch: null, default));
        await Until.TrueAsync("every node serves", async () =>
            (await Task.WhenAll(_nodes.Select(node => node!.Client.IsServingAsync(default)))).All(serves => serves));

        Assert.Equal(12, await RestoreTrashAsync(await ChunksOfAsync(youngFile)));
        Assert.Equal(young, await _worker.ReadAsync(youngFile));
        Assert.Equal(old, await _worker.ReadAsync(oldFile));
        await _worker.RunDutiesAsync();
        await _worker.RunDutiesAsync();
        Assert.Equal((24, 12), (CountFiles(), CountTrash()));
    }

    [Fact]
    public async Task A_sweep_before_the_first_heartbeat_is_refused_by_the_nodes()
    {
        // The longest heartbeat: none comes before the end.
        var heartbeat = TimeSpan.FromSeconds(29);
        var time = new ManualTime();
        await StartNodesAsync(heartbeat, time);
        var moved = await _worker.StoreAsync(TestBytes.Make(1, 600_000));
        await _worker.StoreAsync(TestBytes.Make(2, 600_000));
        await MarkDeletingAsync(moved);
        await _database.DumpAsync(Dump);

        // The copies were needed again since: by the rows of the dump they are to be removed.
        await StopNodesAsync();
        await StartNodesAsync(heartbeat, time);
        time.Advance(TimeSpan.FromMinutes(1));
        await _database.SwapForDumpAsync(Dump);
        await UseAddressesAsync();

        await _worker.RunAsync<RemovalDuty>();

        Assert.Empty((await ReadHistoryAsync()).OpenRestores);
        Assert.Equal((24, 0), (CountFiles(), CountTrash()));
        Assert.Equal(12L, await CountAsync("deleting"));

        // The same with the database that the nodes know.
        await _database.SwapBackAsync();
        await UseAddressesAsync();
        await _worker.RunAsync<RemovalDuty>();
        Assert.Equal((12, 12), (CountFiles(), CountTrash()));
    }

    [Fact]
    public async Task Chunks_restored_from_the_trash_are_copies_again_when_the_rows_miss_them()
    {
        await StartNodesAsync();
        var bytes = TestBytes.Make(1, 600_000);
        var file = await _worker.StoreAsync(bytes);
        var chunks = await ChunksOfAsync(file);
        foreach (var node in _nodes)
        {
            foreach (var chunk in chunks)
            {
                node!.Store.MoveToTrash(chunk, TrashReason.Removed, node.SeenMark);
            }
        }

        await _worker.RunAsync<OrphansDuty>();
        Assert.Equal(12L, await CountAsync("missing"));
        Assert.Equal((0, 12), (CountFiles(), CountTrash()));

        Assert.Equal(12, await RestoreTrashAsync(chunks));
        await _worker.RunAsync<OrphansDuty>();

        Assert.Equal(12L, await CountAsync("stored"));
        Assert.Equal(bytes, await _worker.ReadAsync(file));
    }

    private DatabaseRestores Restores => _worker.Get<DatabaseRestores>();

    private async Task AssertAlarmAsync()
    {
        var history = await ReadHistoryAsync();
        Assert.All(history.OpenRestores, restore =>
        {
            Assert.Equal((1, 1), (restore.Seen.Epoch, restore.Own.Epoch));
            Assert.True(restore.Seen.Count > restore.Own.Count, restore.Describe());
            Assert.Contains($"{restore.Seen}", restore.Describe(), StringComparison.Ordinal);
            Assert.Contains($"{restore.Own}", restore.Describe(), StringComparison.Ordinal);
        });
        Assert.All(
            await Task.WhenAll(_nodes.Select(node => node!.CheckHealthAsync())),
            report => Assert.Equal(HealthStatus.Degraded, report.Entries["membership"].Status));

        await _worker.Get<ClusterView>().RefreshAsync(default);
        var health = await _worker.Get<HealthCheckService>().CheckHealthAsync(check => check.Name == "database-history");
        Assert.Equal(HealthStatus.Degraded, health.Status);
        Assert.Contains("accept-restore", health.Entries["database-history"].Description, StringComparison.Ordinal);
    }

    private Task<ClusterHistory> ReadHistoryAsync() => Restores.ReadAsync(default);

    private async Task StartNodesAsync(TimeSpan? heartbeat = null, TimeProvider? time = null)
    {
        for (var i = 0; i < Nodes; i++)
        {
            _nodes[i] ??= await TestNode.StartAsync(
                database: _database.ConnectionString, heartbeat: heartbeat ?? TimeSpan.FromSeconds(1), directory: _disks[i], time: time);
        }

        await Until.TrueAsync("every node serves", async () =>
            (await Task.WhenAll(_nodes.Select(node => node!.Client.IsServingAsync(default)))).All(serves => serves));
    }

    private async Task StopNodesAsync()
    {
        for (var i = 0; i < Nodes; i++)
        {
            if (_nodes[i] is { } node)
            {
                await node.StopAsync();
                await node.DisposeAsync();
                _nodes[i] = null;
            }
        }
    }

    private async Task WaitForHeartbeatsAsync()
    {
        var before = _nodes.Select(node => node!.SeenMark.Count).ToArray();
        await Until.TrueAsync("every node has reported twice", () => Task.FromResult(
            _nodes.Zip(before).All(pair => pair.First!.SeenMark.Count >= pair.Second + 2)));
    }

    private int CountFiles() => _disks.Sum(disk => CountBelow(disk, "chunks"));

    private int CountTrash() => _disks.Sum(disk => CountBelow(disk, "trash"));

    private static int CountBelow(TemporaryDirectory disk, string directory) =>
        Directory.GetFiles(Path.Combine(disk.Path, directory), "*.chunk", SearchOption.AllDirectories).Length;

    private async Task<HashSet<ChunkId>> ChunksOfAsync(FileId file)
    {
        var found = await _worker.Get<FileCatalog>().FindAsync(file, default);
        return [.. found!.Chunks.Select(chunk => chunk.Id)];
    }

    private async Task<long> RestoreTrashAsync(IReadOnlySet<ChunkId> chunks)
    {
        using var clients = TestNode.MakeClients();
        var trash = new NodeTrash(_database.Source, clients, NullLogger<NodeTrash>.Instance);
        var restored = 0L;
        foreach (var server in (await _worker.Get<ClusterView>().RefreshAsync(default)).Servers)
        {
            restored += (await trash.RestoreAsync(server, new TrashSelection(chunks, Since: null), after: null, default)).Restored;
        }

        return restored;
    }

    private Task MarkDeletingAsync(FileId file) =>
        ExecuteAsync(
            "UPDATE chunk_replicas SET status = 'deleting' WHERE chunk_id IN (SELECT chunk_id FROM chunks WHERE file_id = $1)", file.Value);

    /// <summary>Gives the database the addresses of the running nodes, as if each had kept its own over the restart.</summary>
    private async Task UseAddressesAsync()
    {
        foreach (var node in _nodes)
        {
            await ExecuteAsync(
                "UPDATE storage_servers SET grpc_address = $1, status = 'online', last_heartbeat = now() WHERE server_id = $2",
                node!.Address.OriginalString, node.Id.Value);
        }
    }

    private async Task ExecuteAsync(string sql, params object[] values)
    {
        await using var command = MakeCommand(sql, values);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<long> CountAsync(string status)
    {
        await using var command = MakeCommand("SELECT count(*) FROM chunk_replicas WHERE status = $1", status);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private NpgsqlCommand MakeCommand(string sql, params object[] values)
    {
        var command = _database.Source.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return command;
    }
}
