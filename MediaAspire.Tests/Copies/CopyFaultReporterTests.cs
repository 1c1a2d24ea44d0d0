using System.Collections.Concurrent;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Copies;
using MediaAspire.Core.Duties;
using MediaAspire.Core.Ids;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Tests.Copies;

public sealed class CopyFaultReporterTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly byte[] s_bytes = TestBytes.Make(41, 3_000_000);

    [Fact]
    public async Task A_reader_meets_a_corrupt_block_is_served_and_the_copy_is_condemned()
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 2);
        await using var store = await TestFileStore.StartAsync(postgres, cluster);
        var file = (await store.Catalog.FindAsync((await store.PutAsync(s_bytes)).Id, default))!;
        var chunk = file.Chunks[0].Id;
        Disk.Flip(Disk.FileOf(cluster.Nodes[0], chunk), 70_000);
        await using var wakes = await Wakes.ListenAsync(postgres.Database);
        using var reporter = await StartAsync(cluster);

        // Every copy is sometimes the first choice; the other one is read instead.
        for (var reads = 0; cluster.Faults.Reports.Count == 0; reads++)
        {
            Assert.True(reads < 50, "No reader has met the corrupt block.");
            Assert.Equal(s_bytes, await store.GetAsync(file.Id));
        }

        foreach (var (suspect, server) in cluster.Faults.Reports)
        {
            ((ICopyFaults)reporter).Report(suspect, server);
        }

        await WaitForAsync(store, chunk, cluster.Servers[0].Id, "corrupt");
        Assert.Equal([DutyNames.Integrity, DutyNames.Repair], (await wakes.TakeAsync(2)).Order());
        Assert.Equal(11, await store.CountAsync("SELECT count(*) FROM chunk_replicas WHERE status = 'stored'"));
        await reporter.StopAsync(default);

        // The copy is no longer read, and no fault is reported any more.
        var before = cluster.Faults.Reports.Count;
        Assert.Equal(s_bytes, await store.GetAsync(file.Id));
        Assert.Equal(s_bytes, await store.GetAsync(file.Id));
        Assert.Equal(before, cluster.Faults.Reports.Count);
    }

    [Fact]
    public async Task Report_CopyIsGone_BecomesMissing()
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 2);
        await using var store = await TestFileStore.StartAsync(postgres, cluster);
        var file = (await store.Catalog.FindAsync((await store.PutAsync(s_bytes)).Id, default))!;
        var chunk = file.Chunks[2].Id;
        File.Delete(Disk.FileOf(cluster.Nodes[1], chunk));
        using var reporter = await StartAsync(cluster);

        ((ICopyFaults)reporter).Report(chunk, cluster.Servers[1].Id);

        await WaitForAsync(store, chunk, cluster.Servers[1].Id, "missing");
        Assert.Equal(s_bytes, await store.GetAsync(file.Id));
        await reporter.StopAsync(default);
    }

    [Fact]
    public async Task Report_CopyIsIntact_StaysStoredHoweverOftenItIsSaid()
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 2);
        await using var store = await TestFileStore.StartAsync(postgres, cluster);
        var file = (await store.Catalog.FindAsync((await store.PutAsync(s_bytes)).Id, default))!;
        using var reporter = await StartAsync(cluster);

        for (var i = 0; i < 100; i++)
        {
            ((ICopyFaults)reporter).Report(file.Chunks[0].Id, cluster.Servers[0].Id);
        }

        // Four workers audit the reports in order: after five further copies the first one has its verdict.
        File.Delete(Disk.FileOf(cluster.Nodes[0], file.Chunks[5].Id));
        foreach (var later in file.Chunks[1..])
        {
            ((ICopyFaults)reporter).Report(later.Id, cluster.Servers[0].Id);
        }

        await WaitForAsync(store, file.Chunks[5].Id, cluster.Servers[0].Id, "missing");
        await reporter.StopAsync(default);
        Assert.Equal("stored", await StatusAsync(file.Chunks[0].Id, cluster.Servers[0].Id));
        Assert.Equal(11, await store.CountAsync("SELECT count(*) FROM chunk_replicas WHERE status = 'stored'"));
    }

    [Fact]
    public async Task Audit_AddressHasPassedToAnotherServer_CondemnsNothing()
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 3);
        await using var store = await TestFileStore.StartAsync(postgres, cluster);
        var file = (await store.Catalog.FindAsync((await store.PutAsync(s_bytes)).Id, default))!;
        var chunk = file.Chunks[0];
        var holder = chunk.Copies[0].Server;
        var stranger = cluster.Servers.First(server => chunk.Copies.All(copy => copy.Server != server.Id));
        await using (var move = postgres.Database.CreateCommand(
            "UPDATE storage_servers SET grpc_address = $2, last_heartbeat = last_heartbeat - interval '1 second' WHERE server_id = $1"))
        {
            move.Parameters.Add(new() { Value = holder.Value });
            move.Parameters.Add(new() { Value = stranger.Address.OriginalString });
            Assert.Equal(1, await move.ExecuteNonQueryAsync());
        }

        var verdict = await MakeAuditor(cluster).AuditAsync(chunk.Id, holder, stranger.Address, VerificationPace.Unlimited, default);

        Assert.Equal(CopyVerdict.Undecided, verdict);
        Assert.Equal("stored", await StatusAsync(chunk.Id, holder));
    }

    [Fact]
    public async Task Audit_CopyWasMovedAwayMeanwhile_IsSettled()
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 2);
        await using var store = await TestFileStore.StartAsync(postgres, cluster);
        var file = (await store.Catalog.FindAsync((await store.PutAsync(s_bytes)).Id, default))!;
        var chunk = file.Chunks[0].Id;
        File.Delete(Disk.FileOf(cluster.Nodes[0], chunk));
        Assert.Equal(1, await store.CountAsync(
            $"""
            WITH u AS (
                UPDATE chunk_replicas SET status = 'deleting'
                WHERE chunk_id = '{chunk}' AND server_id = '{cluster.Servers[0].Id}' RETURNING 1)
            SELECT count(*) FROM u
            """));

        Assert.Equal(CopyVerdict.Settled, await MakeAuditor(cluster).AuditAsync(
            chunk, cluster.Servers[0].Id, cluster.Servers[0].Address, VerificationPace.Unlimited, default));
        Assert.Equal("deleting", await StatusAsync(chunk, cluster.Servers[0].Id));
    }

    private CopyAuditor MakeAuditor(TestCluster cluster) => new(
        postgres.Database, cluster.Clients, new EndangeredChunks(postgres.Database, Options.Create(new LivenessOptions())),
        Options.Create(new ClusterOptions()), NullLogger<CopyAuditor>.Instance);

    private async Task<CopyFaultReporter> StartAsync(TestCluster cluster)
    {
        var metrics = ActivatorUtilities.CreateInstance<CopyFaultMetrics>(new ServiceCollection().AddMetrics().BuildServiceProvider());
        var reporter = new CopyFaultReporter(
            postgres.Database, MakeAuditor(cluster), metrics, TimeProvider.System, NullLogger<CopyFaultReporter>.Instance);
        await reporter.StartAsync(default);
        return reporter;
    }

    private async Task<string?> StatusAsync(ChunkId chunk, ServerId server)
    {
        var found = await new CopyCatalog(postgres.Database, Options.Create(new LivenessOptions())).ReadAsync(chunk, default);
        return found?.Copies.Single(copy => copy.Server == server).Status;
    }

    private async Task WaitForAsync(TestFileStore store, ChunkId chunk, ServerId server, string status)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (await StatusAsync(chunk, server) != status)
        {
            Assert.False(limit.IsCancellationRequested, $"The copy stayed {await StatusAsync(chunk, server)}; of all, "
                + $"{await store.CountAsync("SELECT count(*) FROM chunk_replicas WHERE status = 'stored'")} are stored.");
            await poll.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    /// <summary>Listens for the signals to duties.</summary>
    private sealed class Wakes : IAsyncDisposable
    {
        private readonly ConcurrentQueue<string> _heard = new();
        private readonly NpgsqlConnection _connection;

        private Wakes(NpgsqlConnection connection)
        {
            _connection = connection;
            connection.Notification += (_, signal) => _heard.Enqueue(signal.Payload);
        }

        public static async Task<Wakes> ListenAsync(NpgsqlDataSource database)
        {
            var connection = await database.OpenConnectionAsync();
            await using var listen = new NpgsqlCommand($"LISTEN {DutySignals.Channel}", connection);
            await listen.ExecuteNonQueryAsync();
            return new Wakes(connection);
        }

        public async Task<IEnumerable<string>> TakeAsync(int count)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            while (_heard.Count < count)
            {
                await _connection.WaitAsync(limit.Token);
            }

            return _heard;
        }

        public ValueTask DisposeAsync() => _connection.DisposeAsync();
    }
}
