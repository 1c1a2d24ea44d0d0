using System.IO.Pipelines;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Copies;
using MediaAspire.Core.Files;
using MediaAspire.Tests.Harness;
using MediaAspire.Worker.Duties;
using MediaAspire.Worker.Sweeping;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MediaAspire.Tests.Sweeping;

public sealed class DatabaseSwapTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const int Nodes = 3;
    private const int Chunks = 6;

    [Fact]
    public async Task A_database_swapped_for_an_empty_one_costs_no_byte_and_the_old_one_serves_all_again()
    {
        await using var database = await SwappedDatabase.CreateAsync(postgres);
        var own = await ReadClusterAsync(database.Source);
        var disks = Enumerable.Range(0, Nodes).Select(_ => new TemporaryDirectory()).ToArray();
        var nodes = await Task.WhenAll(disks.Select(StartNodeAsync));
        using var worker = MakeWorker(database.Source);
        try
        {
            await Until.TrueAsync("every node is on record", async () => await CountServersAsync() == Nodes);
            var bytes = TestBytes.Make(1, 600_000);
            var file = await StoreAsync(worker, bytes);
            Assert.Equal(2 * Chunks, CountFiles());

            await database.SwapForEmptyAsync();
            var foreign = await ReadClusterAsync(database.Source);

            // One node that is started now, as after a stop of the graph, and the others, which are still running.
            await nodes[0].DisposeAsync();
            nodes[0] = await StartNodeAsync(disks[0]);
            await Until.TrueAsync("every node has met the empty database", async () =>
                await CountServersAsync() == Nodes
                || (await ReasonsAsync()).All(reason => reason.Contains($"{foreign}", StringComparison.Ordinal)));
            for (var round = 0; round < 2; round++)
            {
                await RunDutiesAsync(worker);
            }

            Assert.Equal(2 * Chunks, CountFiles());
            Assert.Equal(0, await CountServersAsync());
            Assert.All(await ReasonsAsync(), reason => Assert.Contains($"{own}", reason, StringComparison.Ordinal));

            await database.SwapBackAsync();
            await Until.TrueAsync("every node serves", async () =>
                (await Task.WhenAll(nodes.Select(node => node.Client.IsServingAsync(default)))).All(serves => serves));
            await worker.Services.GetRequiredService<ClusterView>().RefreshAsync(default);
            Assert.Equal(bytes, await ReadAsync(worker, file));
            await RunDutiesAsync(worker);
            Assert.Equal(2 * Chunks, CountFiles());
        }
        finally
        {
            foreach (var node in nodes)
            {
                await node.DisposeAsync();
            }

            foreach (var disk in disks)
            {
                disk.Dispose();
            }
        }

        int CountFiles() => nodes.Sum(node => node.Files.Length);

        async Task<long> CountServersAsync()
        {
            await using var command = database.Source.CreateCommand("SELECT count(*) FROM storage_servers WHERE status = 'online'");
            return (long)(await command.ExecuteScalarAsync())!;
        }

        async Task<string[]> ReasonsAsync() =>
            [.. (await Task.WhenAll(nodes.Select(node => node.CheckHealthAsync())))
                .Select(report => report.Entries["membership"].Description ?? "")];

        Task<TestNode> StartNodeAsync(TemporaryDirectory disk) =>
            TestNode.StartAsync(database: database.ConnectionString, heartbeat: TimeSpan.FromSeconds(1), directory: disk);
    }

    private static async Task<Guid> ReadClusterAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("SELECT cluster_id FROM cluster");
        return (Guid)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Creates a worker without grace periods: duties remove superfluous chunks at once.</summary>
    private static IHost MakeWorker(NpgsqlDataSource database)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Cluster:Token"] = TestNode.Token,
            ["Chunks:Count"] = $"{Chunks}",
            ["Chunks:MinSize"] = "1",
            ["Sweeping:UnfinishedGrace"] = "00:00:00",
            ["Sweeping:DeletedFilesGrace"] = "00:00:00",
            ["Sweeping:RemovalGrace"] = "00:00:00",
            ["Sweeping:OrphanGrace"] = "00:00:00",
        });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(database);
        builder.AddCluster();
        builder.AddFileStore();
        builder.AddCopyFaultReports();
        builder.AddDuties();
        builder.AddSweeping();
        return builder.Build();
    }

    private static async Task RunDutiesAsync(IHost worker)
    {
        await RunAsync<SessionsDuty>();
        await RunAsync<DeletedFilesDuty>();
        await RunAsync<OrphansDuty>();
        await RunAsync<RemovalDuty>();

        Task RunAsync<TDuty>()
            where TDuty : IDuty => worker.Services.GetRequiredService<TDuty>().RunAsync(CancellationToken.None);
    }

    private static async Task<StoredFileSummary> StoreAsync(IHost worker, byte[] bytes)
    {
        await worker.Services.GetRequiredService<ClusterView>().RefreshAsync(default);
        using var body = new MemoryStream(bytes);
        var writer = worker.Services.GetRequiredService<FileWriter>();
        await using var upload = await writer.BeginAsync(new NewFile("a.bin", "a/b") { Length = bytes.Length }, default);
        await upload.WriteAsync(body, long.MaxValue, default);
        return await upload.CommitAsync(default);
    }

    private static async Task<byte[]> ReadAsync(IHost worker, StoredFileSummary summary)
    {
        var file = await worker.Services.GetRequiredService<FileCatalog>().FindAsync(summary.Id, default);
        Assert.NotNull(file);
        using var bytes = new MemoryStream();
        await using var range = await worker.Services.GetRequiredService<FileReader>().OpenAsync(file, 0, file.Size, default);
        var writer = PipeWriter.Create(bytes);
        await range.SendAsync(writer, default);
        await writer.CompleteAsync();
        return bytes.ToArray();
    }
}
