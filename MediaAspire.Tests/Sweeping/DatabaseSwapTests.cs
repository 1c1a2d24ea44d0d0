using MediaAspire.Tests.Harness;
using Npgsql;

namespace MediaAspire.Tests.Sweeping;

public sealed class DatabaseSwapTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const int Nodes = 3;
    private const int Chunks = SwappedWorker.Chunks;

    [Fact]
    public async Task A_database_swapped_for_an_empty_one_costs_no_byte_and_the_old_one_serves_all_again()
    {
        await using var database = await SwappedDatabase.CreateAsync(postgres);
        var own = await ReadClusterAsync(database.Source);
        var disks = Enumerable.Range(0, Nodes).Select(_ => new TemporaryDirectory()).ToArray();
        var nodes = await Task.WhenAll(disks.Select(StartNodeAsync));
        using var worker = new SwappedWorker(database.Source);
        try
        {
            await Until.TrueAsync("every node is on record", async () => await CountServersAsync() == Nodes);
            var bytes = TestBytes.Make(1, 600_000);
            var file = await worker.StoreAsync(bytes);
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
                await worker.RunDutiesAsync();
            }

            Assert.Equal(2 * Chunks, CountFiles());
            Assert.Equal(0, await CountServersAsync());
            Assert.All(await ReasonsAsync(), reason => Assert.Contains($"{own}", reason, StringComparison.Ordinal));

            await database.SwapBackAsync();
            await Until.TrueAsync("every node serves", async () =>
                (await Task.WhenAll(nodes.Select(node => node.Client.IsServingAsync(default)))).All(serves => serves));
            Assert.Equal(bytes, await worker.ReadAsync(file));
            await worker.RunDutiesAsync();
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
}
