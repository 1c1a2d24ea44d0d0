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
        Assert.False(graph.Has("s3"));
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
            new HashSet<string> { "bind 127.0.0.1", "dir \"/data/redis\"", "requirepass secret", "appendonly yes", "appendfsync always", "save \"\"" },
            lines.ToHashSet());
    }
}
