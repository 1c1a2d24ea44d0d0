using Aspire.Hosting.ApplicationModel;

namespace MediaAspire.Tests.AppHost;

/// <summary>What holds for the graph whichever engines it has.</summary>
public sealed class GraphTests
{
    [Theory]
    [InlineData("--Engines=containers")]
    [InlineData("--Engines=processes")]
    public async Task Everybody_waits_for_migrations_and_the_api_comes_last(string engines)
    {
        await using var graph = await GraphModel.DescribeAsync(engines);

        Assert.Equal(["migrate"], await graph.ArgumentsAsync("migrations"));
        Assert.Contains("media", graph.WaitsFor("migrations", WaitType.WaitUntilHealthy));

        string[] nodes = ["storage-1", "storage-2", "storage-3", "storage-4", "storage-5", "storage-6"];
        Assert.False(graph.Has("storage-7"));
        foreach (var dependent in nodes.Append("worker").Append("api"))
        {
            Assert.Equal(["migrations"], graph.WaitsFor(dependent, WaitType.WaitForCompletion));
        }

        Assert.Superset(nodes.Append("redis").ToHashSet(), graph.WaitsFor("worker", WaitType.WaitUntilHealthy).ToHashSet());
        Assert.Superset(nodes.Append("redis").Append("worker").ToHashSet(), graph.WaitsFor("api", WaitType.WaitUntilHealthy).ToHashSet());
    }

    [Theory]
    [InlineData("--Engines=containers")]
    [InlineData("--Engines=processes")]
    public async Task Consumers_get_the_same_connection_strings_and_properties(string engines)
    {
        await using var graph = await GraphModel.DescribeAsync(engines);

        var environment = await graph.EnvironmentAsync("worker");

        string[] expected =
        [
            "ConnectionStrings__media", "MEDIA_HOST", "MEDIA_PORT", "MEDIA_USERNAME", "MEDIA_PASSWORD", "MEDIA_URI", "MEDIA_DATABASENAME",
            "ConnectionStrings__redis", "REDIS_HOST", "REDIS_PORT", "REDIS_PASSWORD", "REDIS_URI",
        ];
        Assert.Superset(expected.ToHashSet(), environment.Keys.ToHashSet());
        Assert.Equal("{media.connectionString}", environment["ConnectionStrings__media"]);
        Assert.Equal("{redis.connectionString}", environment["ConnectionStrings__redis"]);
        Assert.Equal("media", environment["MEDIA_DATABASENAME"]);
        Assert.Equal("{postgres.bindings.tcp.host}", environment["MEDIA_HOST"]);
        Assert.Equal("{postgres-password.value}", environment["MEDIA_PASSWORD"]);
    }

    [Fact]
    public async Task Settings_reach_whoever_reads_them_and_nobody_else()
    {
        await using var graph = await GraphModel.DescribeAsync("--Engines=processes", "--Chunks:Copies=3", "--Files:MaxSize=1000");

        var api = await graph.EnvironmentAsync("api");
        Assert.Equal("3", api["Chunks__Copies"]);
        Assert.Equal("1000", api["Files__MaxSize"]);
        Assert.Equal("3", (await graph.EnvironmentAsync("worker"))["Chunks__Copies"]);
        Assert.DoesNotContain("Chunks__Copies", await graph.EnvironmentAsync("storage-1"));
    }

    [Fact]
    public async Task Every_project_has_a_health_check_but_the_one_that_ends()
    {
        await using var graph = await GraphModel.DescribeAsync("--Engines=processes");

        Assert.Empty(graph.HealthChecks("migrations"));
        Assert.Equal(["storage-1_grpc_check"], graph.HealthChecks("storage-1"));
        Assert.Contains("/health", Assert.Single(graph.HealthChecks("worker")), StringComparison.Ordinal);
        Assert.Contains("/health", Assert.Single(graph.HealthChecks("api")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_single_api_has_no_proxy_before_it_and_several_share_one()
    {
        await using var single = await GraphModel.DescribeAsync("--Engines=processes");
        await using var several = await GraphModel.DescribeAsync("--Engines=processes", "--Api:Replicas=3");

        Assert.False(single.Endpoint("api", "http").IsProxied);
        Assert.InRange(single.Endpoint("api", "http").Port!.Value, 20000, 32767);
        Assert.True(single.Endpoint("api", "http").IsExternal);
        Assert.True(several.Endpoint("api", "http").IsProxied);
        Assert.Null(several.Endpoint("api", "http").Port);
        Assert.Equal(3, several["api"].Annotations.OfType<ReplicaAnnotation>().Last().Replicas);
    }

    [Fact]
    public async Task Counts_and_ports_come_from_the_configuration()
    {
        await using var graph = await GraphModel.DescribeAsync(
            "--Engines=processes", "--Storage:Nodes=2", "--Worker:Replicas=4", "--Api:Port=18080");

        Assert.True(graph.Has("storage-2"));
        Assert.False(graph.Has("storage-3"));
        Assert.Equal(4, graph["worker"].Annotations.OfType<ReplicaAnnotation>().Last().Replicas);
        Assert.Equal(18080, graph.Endpoint("api", "http").Port);
    }
}
