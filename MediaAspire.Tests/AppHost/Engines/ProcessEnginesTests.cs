using System.Runtime.Versioning;
using Aspire.Hosting.ApplicationModel;
using MediaAspire.AppHost.Engines.Postgres;
using MediaAspire.AppHost.Engines.Redis;

namespace MediaAspire.Tests.AppHost.Engines;

[UnsupportedOSPlatform("windows")]
public sealed class ProcessEnginesTests
{
    [Fact]
    public async Task Engines_are_programs_on_ports_below_the_ephemeral_range_without_a_proxy()
    {
        await using var graph = await GraphModel.DescribeAsync("--Engines=processes");

        Assert.IsType<LocalPostgresResource>(graph["postgres"]);
        Assert.IsType<LocalRedisResource>(graph["redis"]);
        foreach (var name in new[] { "postgres", "redis" })
        {
            var endpoint = graph.Endpoint(name, "tcp");
            Assert.False(endpoint.IsProxied);
            Assert.InRange(endpoint.Port!.Value, 20000, 32767);
            Assert.Equal("127.0.0.1", endpoint.TargetHost);
        }

        Assert.NotEqual(graph.Endpoint("postgres", "tcp").Port, graph.Endpoint("redis", "tcp").Port);
    }

    [Fact]
    public async Task S3_is_the_api_itself_in_the_form_of_any_other_and_nobody_waits_for_it()
    {
        await using var graph = await GraphModel.DescribeAsync("--Engines=processes");

        var s3 = Assert.IsAssignableFrom<IResourceWithConnectionString>(graph["s3"]);
        Assert.Equal(
            "Endpoint={api.bindings.s3.url};AccessKey={s3-root-access-key.value};SecretKey={s3-root-secret-key.value};"
            + "Region=us-east-1;Bucket=media",
            s3.ConnectionStringExpression.ValueExpression);
        var environment = await graph.EnvironmentAsync("api");
        Assert.Equal("{s3.connectionString}", environment["ConnectionStrings__s3"]);
        Assert.Equal("{api.bindings.s3.url}", environment["S3_URI"]);
        Assert.Equal("media", environment["S3_BUCKETNAME"]);
        Assert.DoesNotContain("s3", graph.WaitsFor("api", WaitType.WaitUntilHealthy));
    }

    [Fact]
    public async Task Postgres_keeps_its_durability_and_listens_on_loopback_only()
    {
        await using var graph = await GraphModel.DescribeAsync("--Engines=processes");

        var arguments = await graph.ArgumentsAsync("postgres");

        Assert.Contains("listen_addresses=127.0.0.1", arguments);
        Assert.Contains("unix_socket_directories=", arguments);
        Assert.Contains("port={postgres.bindings.tcp.targetPort}", arguments);
        Assert.DoesNotContain(arguments, argument => argument.Contains("fsync", StringComparison.Ordinal));
        Assert.DoesNotContain(arguments, argument => argument.Contains("password", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Engines_are_started_by_setpriv_exactly_when_the_apphost_is_root()
    {
        await using var graph = await GraphModel.DescribeAsync("--Engines=processes");

        foreach (var name in new[] { "postgres", "redis" })
        {
            var engine = Assert.IsAssignableFrom<ExecutableResource>(graph[name]);
            Assert.Equal(Environment.IsPrivilegedProcess, Path.GetFileName(engine.Command) == "setpriv");
            if (Environment.IsPrivilegedProcess)
            {
                var arguments = await graph.ArgumentsAsync(name);
                Assert.StartsWith("--reuid=", arguments[0], StringComparison.Ordinal);
                Assert.NotEqual("--reuid=0", arguments[0]);
                Assert.StartsWith("--regid=", arguments[1], StringComparison.Ordinal);
                Assert.Equal("--clear-groups", arguments[2]);
            }
        }
    }

    [Fact]
    public async Task Engines_and_the_database_prove_their_protocols()
    {
        await using var graph = await GraphModel.DescribeAsync("--Engines=processes");

        Assert.Equal(["postgres_check"], graph.HealthChecks("postgres"));
        Assert.Equal(["media_check"], graph.HealthChecks("media"));
        Assert.Equal(["redis_check"], graph.HealthChecks("redis"));
        Assert.Same(graph["postgres"], Assert.IsType<LocalPostgresDatabaseResource>(graph["media"]).Parent);
    }

    [Fact]
    public void Redis_configuration_syncs_every_write_and_takes_no_snapshots()
    {
        var lines = LocalRedisExtensions.Configuration("/data/redis", "secret").Split('\n');

        Assert.Superset(
            new HashSet<string>
            {
                "bind 127.0.0.1", "dir \"/data/redis\"", "requirepass secret", "appendonly yes", "appendfsync always", "save \"\"",
            },
            lines.ToHashSet());
    }
}
