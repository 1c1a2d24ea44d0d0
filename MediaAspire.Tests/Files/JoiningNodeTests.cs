using MediaAspire.Core.Cluster;
using MediaAspire.Core.Copies;
using MediaAspire.Core.Database;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MediaAspire.Tests.Files;

public sealed class JoiningNodeTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private const int Size = 6 * 64 * 1024;

    public Task InitializeAsync() => postgres.ClearAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_node_that_joins_takes_new_chunks_as_soon_as_the_ring_is_read_again()
    {
        await using var first = await StartNodeAsync();
        await using var second = await StartNodeAsync();
        using var host = await StartWriterAsync(servers: 2);
        Assert.Equal([first.Id, second.Id], await PutAsync(host, seed: 1), new SameServers());

        await using var third = await StartNodeAsync();
        await WaitForServersAsync(host, 3);

        // Six chunks over three servers: two first copies each.
        Assert.Equal([first.Id, second.Id, third.Id], await PutAsync(host, seed: 2), new SameServers());
        Assert.True(third.Files.Length >= 2, $"The new node has {third.Files.Length} chunks.");
        await host.StopAsync();
    }

    [Fact]
    public async Task A_node_without_room_for_a_chunk_is_passed_over_while_others_have_it()
    {
        await using var small = await StartNodeAsync(capacity: 1000);
        await using var first = await StartNodeAsync();
        await using var second = await StartNodeAsync();
        using var host = await StartWriterAsync(servers: 3);

        Assert.Equal([first.Id, second.Id], await PutAsync(host, seed: 3), new SameServers());

        Assert.Empty(small.Files);
        await host.StopAsync();
    }

    private Task<TestNode> StartNodeAsync(long? capacity = null) =>
        TestNode.StartAsync(database: postgres.ConnectionString, heartbeat: TimeSpan.FromSeconds(1), capacity: capacity);

    private async Task<IHost> StartWriterAsync(int servers)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["ConnectionStrings:media"] = postgres.ConnectionString,
                ["Cluster:Token"] = TestNode.Token,
            });
        builder.Logging.ClearProviders();
        builder.AddMediaDatabase();
        builder.AddCluster();
        builder.AddFileStore();
        builder.AddCopyFaultReports();
        var host = builder.Build();
        await host.StartAsync();
        await WaitForServersAsync(host, servers);
        return host;
    }

    private static Task WaitForServersAsync(IHost host, int servers)
    {
        var view = host.Services.GetRequiredService<ClusterView>();
        return Until.TrueAsync($"{servers} servers are on the ring", () => Task.FromResult(view.Current.Ring.Servers.Length == servers));
    }

    /// <summary>Stores a file and returns the servers of its copies.</summary>
    private static async Task<IEnumerable<ServerId>> PutAsync(IHost host, int seed)
    {
        var writer = host.Services.GetRequiredService<FileWriter>();
        await using var upload = await writer.BeginAsync(new NewFile("a.bin", "application/octet-stream") { Length = Size }, default);
        await upload.WriteAsync(new MemoryStream(TestBytes.Make(seed, Size)), long.MaxValue, default);
        var stored = await upload.CommitAsync(default);
        var file = await host.Services.GetRequiredService<FileCatalog>().FindAsync(stored.Id, default);
        Assert.Equal(6, file!.Chunks.Length);
        Assert.All(file.Chunks, chunk => Assert.Equal(2, chunk.Copies.Count(copy => copy.Status == CopyStatus.Stored)));
        return file.Chunks.SelectMany(chunk => chunk.Copies).Select(copy => copy.Server).Distinct();
    }

    /// <summary>Compares servers in any order.</summary>
    private sealed class SameServers : IEqualityComparer<IEnumerable<ServerId>>
    {
        public bool Equals(IEnumerable<ServerId>? x, IEnumerable<ServerId>? y) => x!.ToHashSet().SetEquals(y!);

        public int GetHashCode(IEnumerable<ServerId> obj) => 0;
    }
}
