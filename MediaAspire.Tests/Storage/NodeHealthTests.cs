using Grpc.Core;
using Grpc.Health.V1;
using MediaAspire.Core.Chunks;
using MediaAspire.Tests.Harness;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace MediaAspire.Tests.Storage;

public sealed class NodeHealthTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    public Task InitializeAsync() => postgres.ClearAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_data_directory_that_is_not_writable_shows_in_the_very_next_answer_and_to_those_who_watch()
    {
        using var limit = new CancellationTokenSource(s_patience);
        await using var node = await TestNode.StartAsync(database: postgres.ConnectionString);
        using var channel = node.OpenChannel();
        var health = new Health.HealthClient(channel);
        await Until.TrueAsync("the node serves", () => node.Client.IsServingAsync(limit.Token));
        using var watch = health.Watch(new HealthCheckRequest { Service = ChunkStoreMethods.ServiceName }, cancellationToken: limit.Token);
        Assert.Equal(ServingStatus.Serving, await NextAsync(watch, limit.Token));

        // Parallel checks write the same file.
        var all = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => CheckAsync("")));
        Assert.All(all, status => Assert.Equal(ServingStatus.Serving, status));

        // A directory of that name prevents the file, even for root.
        File.Delete(Path.Combine(node.DataDirectory, "probe"));
        var obstacle = Directory.CreateDirectory(Path.Combine(node.DataDirectory, "probe"));
        Assert.Equal(ServingStatus.NotServing, await CheckAsync(""));
        Assert.Equal(ServingStatus.NotServing, await CheckAsync(ChunkStoreMethods.ServiceName));
        Assert.Equal(ServingStatus.NotServing, await NextAsync(watch, limit.Token));

        obstacle.Delete();
        Assert.Equal(ServingStatus.Serving, await CheckAsync(""));
        Assert.Equal(ServingStatus.Serving, await NextAsync(watch, limit.Token));

        async Task<ServingStatus> CheckAsync(string service) =>
            (await health.CheckAsync(new HealthCheckRequest { Service = service }, cancellationToken: limit.Token)).Status;
    }

    [Fact]
    public async Task A_node_that_stops_ends_the_watch_and_does_not_wait_for_it()
    {
        using var limit = new CancellationTokenSource(s_patience);
        await using var node = await TestNode.StartAsync(database: postgres.ConnectionString);
        using var channel = node.OpenChannel();
        using var watch = new Health.HealthClient(channel).Watch(new HealthCheckRequest(), cancellationToken: limit.Token);
        Assert.True(await watch.ResponseStream.MoveNext(limit.Token));

        await node.StopAsync().WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System, limit.Token);

        var last = watch.ResponseStream.Current.Status;
        while (await watch.ResponseStream.MoveNext(limit.Token))
        {
            last = watch.ResponseStream.Current.Status;
        }

        Assert.Equal(ServingStatus.NotServing, last);
    }

    private static async Task<ServingStatus> NextAsync(
        AsyncServerStreamingCall<HealthCheckResponse> watch, CancellationToken cancellationToken)
    {
        Assert.True(await watch.ResponseStream.MoveNext(cancellationToken));
        return watch.ResponseStream.Current.Status;
    }
}
