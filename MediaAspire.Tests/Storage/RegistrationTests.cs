using MediaAspire.Core.Cluster;
using MediaAspire.Tests.Cluster;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Storage;

[Collection(PostgresTests.Name)]
public sealed class RegistrationTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly NodeRegistry _registry = new(postgres.Database, Options.Create(new ClusterOptions()));

    public Task InitializeAsync() => postgres.ClearAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_node_registers_where_it_listens_serves_and_signs_off()
    {
        await using var node = await TestNode.StartAsync(database: postgres.ConnectionString);

        await WaitUntilAsync(() => node.Client.IsServingAsync(default));
        var server = Assert.Single((await _registry.ReadAsync(default)).Servers);
        Assert.Equal((node.Address, ServerStatus.Online), (server.Address, server.Status));
        Assert.True(server.AvailableBytes > 0);

        await node.StopAsync();
        Assert.Equal(ServerStatus.Offline, Assert.Single((await _registry.ReadAsync(default)).Servers).Status);
    }

    [Fact]
    public async Task A_node_that_was_struck_off_registers_again_with_its_next_heartbeat()
    {
        await using var node = await TestNode.StartAsync(database: postgres.ConnectionString, heartbeat: TimeSpan.FromSeconds(1));
        await WaitUntilAsync(async () => (await _registry.ReadAsync(default)).Servers.Count == 1);

        await postgres.ClearAsync();

        await WaitUntilAsync(async () => (await _registry.ReadAsync(default)).Ring.Count == 150);
    }

    private static async Task WaitUntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
        }
    }
}
