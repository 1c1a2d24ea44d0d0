using Aspire.Hosting.ApplicationModel;

namespace MediaAspire.Tests.AppHost.Engines;

public sealed class ContainerEnginesTests
{
    [Fact]
    public async Task Redis_appends_every_write_to_a_file_that_is_synced_before_the_answer()
    {
        await using var graph = await GraphModel.DescribeAsync("--Engines=containers");

        var arguments = await graph.ArgumentsAsync("redis");

        Assert.Equal(["--appendonly", "yes", "--appendfsync", "always"], arguments.TakeLast(4));
    }

    [Theory]
    [InlineData("postgres", "library/postgres", "18.3", "/var/lib/postgresql")]
    [InlineData("redis", "library/redis", "8.6", "/data")]
    [InlineData("s3", "localstack/localstack", "4.14.0", "/var/lib/localstack")]
    public async Task Engines_have_a_pinned_image_and_a_named_volume(string name, string image, string tag, string target)
    {
        await using var graph = await GraphModel.DescribeAsync("--Engines=containers");

        var annotation = graph[name].Annotations.OfType<ContainerImageAnnotation>().Single();
        Assert.Equal("docker.io", annotation.Registry);
        Assert.Equal(image, annotation.Image);
        Assert.Equal(tag, annotation.Tag);

        var mount = graph[name].Annotations.OfType<ContainerMountAnnotation>().Single();
        Assert.Equal(ContainerMountType.Volume, mount.Type);
        Assert.Equal(target, mount.Target);
        Assert.EndsWith($"-{name}-data", mount.Source, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Api_waits_for_the_bucket_and_gets_it_as_s3()
    {
        await using var graph = await GraphModel.DescribeAsync("--Engines=containers");

        var environment = await graph.EnvironmentAsync("api");

        Assert.Equal("{s3-media.connectionString}", environment["ConnectionStrings__s3"]);
        Assert.Contains("s3-media", graph.WaitsFor("api", WaitType.WaitUntilHealthy));
        Assert.Equal(["s3_check"], graph.HealthChecks("s3"));
        Assert.Equal("s3", (await graph.EnvironmentAsync("s3"))["SERVICES"]);
        Assert.Equal(4566, graph.Endpoint("s3", "gateway").TargetPort);
        Assert.Null(graph.Endpoint("s3", "gateway").Port);
    }

    [Fact]
    public async Task Without_LocalStack_the_apis_own_s3_takes_its_place()
    {
        await using var graph = await GraphModel.DescribeAsync("--Engines=containers", "--S3:Enabled=false");

        Assert.Empty(graph["s3"].Annotations.OfType<ContainerImageAnnotation>());
        Assert.False(graph.Has("s3-media"));
        Assert.StartsWith(
            "Endpoint={api.bindings.s3.url};", ((IResourceWithConnectionString)graph["s3"]).ConnectionStringExpression.ValueExpression,
            StringComparison.Ordinal);
        Assert.Equal("{s3.connectionString}", (await graph.EnvironmentAsync("api"))["ConnectionStrings__s3"]);
    }

    [Theory]
    [InlineData("--Engines=containers")]
    [InlineData("--Engines=processes")]
    public async Task A_connection_string_s3_takes_the_place_of_LocalStack(string engines)
    {
        await using var graph = await GraphModel.DescribeAsync(
            engines, "--ConnectionStrings:s3=Endpoint=http://s3.example:9000;AccessKey=a;SecretKey=b;Bucket=c;Region=d");

        Assert.Empty(graph["s3"].Annotations.OfType<ContainerImageAnnotation>());
        Assert.Equal("{s3.connectionString}", (await graph.EnvironmentAsync("api"))["ConnectionStrings__s3"]);
    }
}
