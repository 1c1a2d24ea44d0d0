using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using MediaAspire.AppHost.Engines;
using MediaAspire.AppHost.Engines.Processes;
using MediaAspire.AppHost.Settings;
using MediaAspire.Core.AccessKeys;
using MediaAspire.Core.ApiKeys;
using MediaAspire.Tests.AppHost.Publishing;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.AppHost;

/// <summary>The model of the graph with either kind of engines.</summary>
public sealed class GraphTests
{
    [Theory]
    [InlineData("--Engines=containers")]
    [InlineData("--Engines=processes")]
    public async Task Services_wait_for_migrations_and_consumers_for_the_cluster(string engines)
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

        // A wait for each node, or for the other service, would keep a consumer from being restarted while that one is dead.
        foreach (var consumer in new[] { "worker", "api" })
        {
            Assert.Equal(["storage"], graph.WaitsFor(consumer, WaitType.WaitUntilStarted));
            Assert.Contains("redis", graph.WaitsFor(consumer, WaitType.WaitUntilHealthy));
            Assert.DoesNotContain(graph.WaitsFor(consumer, WaitType.WaitUntilHealthy), name => name is "worker" or "api" or "storage-1");
        }
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
        Assert.Equal("{media-application.connectionString}", environment["ConnectionStrings__media"]);
        Assert.Equal("{redis.connectionString}", environment["ConnectionStrings__redis"]);
        Assert.Equal("media", environment["MEDIA_DATABASENAME"]);
        Assert.Equal("{postgres.bindings.tcp.host}", environment["MEDIA_HOST"]);
        Assert.Equal("{postgres-application-password.value}", environment["MEDIA_PASSWORD"]);
    }

    [Theory]
    [InlineData("--Engines=containers")]
    [InlineData("--Engines=processes")]
    public async Task Only_the_migrations_open_the_database_as_its_owner(string engines)
    {
        await using var graph = await GraphModel.DescribeAsync(engines);

        var migrations = await graph.EnvironmentAsync("migrations");
        Assert.Equal("{media.connectionString}", migrations["ConnectionStrings__media"]);
        Assert.Equal("media_application", migrations["Migrations__ApplicationRole"]);
        Assert.Equal("{postgres-application-password.value}", migrations["Migrations__ApplicationPassword"]);
        Assert.Equal("media_node", migrations["Migrations__NodeRole"]);
        Assert.Equal("{postgres-node-password.value}", migrations["Migrations__NodePassword"]);

        (string Process, string Role)[] roles =
            [("api", "application"), ("worker", "application"), ("storage-1", "node"), ("storage-6", "node")];
        foreach (var (process, role) in roles)
        {
            var environment = await graph.EnvironmentAsync(process);
            Assert.Equal($"media_{role}", environment["MEDIA_USERNAME"]);
            Assert.DoesNotContain(environment.Values, value => value.Contains("postgres-password", StringComparison.Ordinal));
            Assert.DoesNotContain(
                environment.Values,
                value => value.Contains("-password.value", StringComparison.Ordinal)
                    && value.Contains("postgres", StringComparison.Ordinal)
                    && !value.Contains($"postgres-{role}-password", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(1, 1, 6)]
    [InlineData(3, 2, 6)]
    [InlineData(32, 32, 64)]
    public async Task The_connections_of_all_processes_fit_the_server(int apis, int workers, int nodes)
    {
        await using var graph = await GraphModel.DescribeAsync(
            "--Engines=processes", $"--Api:Replicas={apis}", $"--Worker:Replicas={workers}", $"--Storage:Nodes={nodes}");

        var limit = Number((await graph.ArgumentsAsync("postgres"))
            .Single(argument => argument.StartsWith("max_connections=", StringComparison.Ordinal))["max_connections=".Length..]);
        var api = await graph.EnvironmentAsync("api");
        var worker = await graph.EnvironmentAsync("worker");
        var node = await graph.EnvironmentAsync("storage-1");
        var total = (apis * Number(api["Database__PoolSize"])) + (workers * Number(worker["Database__PoolSize"]))
            + (nodes * Number(node["Database__PoolSize"]));

        Assert.True(total + DatabaseConnections.Reserve <= limit, $"{total} of {limit}");
        Assert.All([api, worker, node], environment => Assert.Equal(total, Number(environment["Database__TotalConnections"])));
        Assert.True(Number(api["Database__PoolSize"]) >= 20);
        Assert.True(Number(worker["Database__PoolSize"]) >= 10);

        static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task Without_a_dashboard_nobody_sends_telemetry_unless_a_receiver_is_named()
    {
        var arguments = AppHostOptions.ForBuilder(["--Engines=processes", "--no-dashboard"]);
        Assert.True(arguments.DisableDashboard);
        await using var silent = await GraphModel.DescribeAsync(arguments.Args!);
        await using var named = await GraphModel.DescribeAsync([.. arguments.Args!, "--OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4317"]);
        await using var usual = await GraphModel.DescribeAsync("--Engines=processes");

        foreach (var process in new[] { "migrations", "storage-1", "worker", "api" })
        {
            Assert.Equal("", (await silent.EnvironmentAsync(process))["OTEL_EXPORTER_OTLP_ENDPOINT"]);
            Assert.Equal("http://collector:4317", (await named.EnvironmentAsync(process))["OTEL_EXPORTER_OTLP_ENDPOINT"]);
            Assert.False((await usual.EnvironmentAsync(process)).ContainsKey("OTEL_EXPORTER_OTLP_ENDPOINT"));
        }
    }

    [Fact]
    public async Task Settings_reach_only_the_resources_that_read_them()
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
    public async Task S3_has_its_own_port_which_the_api_gets()
    {
        await using var single = await GraphModel.DescribeAsync("--Engines=processes", "--S3:Port=19000", "--S3:Region=eu-north-1");
        await using var several = await GraphModel.DescribeAsync("--Engines=processes", "--S3:Port=19000", "--Api:Replicas=3");

        var environment = await single.EnvironmentAsync("api");
        Assert.False(single.Endpoint("api", "s3").IsProxied);
        Assert.Equal(19000, single.Endpoint("api", "s3").Port);
        Assert.Equal("{api.bindings.s3.targetPort}", environment["S3__Port"]);
        Assert.Equal("eu-north-1", environment["S3__Region"]);
        Assert.True(several.Endpoint("api", "s3").IsProxied);
        Assert.Equal(19000, several.Endpoint("api", "s3").Port);

        // Each replica listens on a port of its own.
        Assert.Null(several.Endpoint("api", "s3").TargetPort);
        Assert.Equal("{api.bindings.s3.targetPort}", (await several.EnvironmentAsync("api"))["S3__Port"]);
    }

    [Fact]
    public async Task The_admin_listener_has_its_own_port_and_is_never_external()
    {
        await using var single = await GraphModel.DescribeAsync("--Engines=processes", "--Admin:Port=19001");
        await using var several = await GraphModel.DescribeAsync("--Engines=processes", "--Admin:Port=19001", "--Api:Replicas=3");

        Assert.False(single.Endpoint("api", "admin").IsProxied);
        Assert.True(several.Endpoint("api", "admin").IsProxied);
        foreach (var graph in new[] { single, several })
        {
            Assert.Equal(19001, graph.Endpoint("api", "admin").Port);
            Assert.False(graph.Endpoint("api", "admin").IsExternal);
            Assert.True(graph.Endpoint("api", "s3").IsExternal);
            Assert.Equal("{api.bindings.admin.targetPort}", (await graph.EnvironmentAsync("api"))["Admin__Port"]);
        }
    }

    [Fact]
    public async Task The_first_api_key_is_the_apis_and_the_clusters_token_every_process_of_it()
    {
        await using var graph = await GraphModel.DescribeAsync("--Engines=processes");

        Assert.Equal("{admin-key.value}", (await graph.EnvironmentAsync("api"))["Security__AdminKey"]);
        foreach (var process in new[] { "api", "worker", "storage-1" })
        {
            Assert.Equal("{cluster-token.value}", (await graph.EnvironmentAsync(process))["Cluster__Token"]);
        }

        foreach (var other in new[] { "storage-1", "worker", "migrations" })
        {
            Assert.DoesNotContain("Security__AdminKey", (await graph.EnvironmentAsync(other)).Keys);
        }

        Assert.True(Assert.IsType<ParameterResource>(graph["admin-key"]).Secret);
        Assert.True(Assert.IsType<ParameterResource>(graph["cluster-token"]).Secret);
    }

    [Fact]
    public async Task A_graph_that_runs_refuses_certificates_for_its_processes()
    {
        using var data = new TemporaryDirectory();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var result = await ChildProcess.RunAsync(
            PublishedProcess.PathOf("MediaAspire.AppHost"),
            ["--Engines=processes", $"--Data:Directory={data.Path}", "--Cluster:Tls:CertificatePath=/node.pem"],
            limit.Token);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("Cluster:Tls is set", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_and_tokens_are_made_once_and_kept_with_the_data_unless_they_are_given()
    {
        var data = new DirectoryInfo(DataDirectories.CreateForRun());
        var made = await ReadAsync($"--Data:Directory={data.FullName}");
        var again = await ReadAsync($"--Data:Directory={data.FullName}");
        var given = await ReadAsync($"--Data:Directory={data.FullName}", "--Security:AdminKey=ma_a_b", "--Cluster:Token=mine");

        Assert.True(ApiKeyFormat.TryParse(made.Key, out var id, out _));
        Assert.Equal("root", id);
        Assert.Equal(32, made.Token.Length);
        Assert.Equal(made, again);
        Assert.Equal(("ma_a_b", "mine"), given);
        Assert.All(
            data.GetDirectories("security").Single().GetFiles(),
            file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, file.UnixFileMode));

        static async Task<(string Key, string Token)> ReadAsync(params string[] arguments)
        {
            await using var graph = await GraphModel.DescribeAsync(["--Engines=processes", .. arguments]);
            return (
                (await ((ParameterResource)graph["admin-key"]).GetValueAsync(CancellationToken.None))!,
                (await ((ParameterResource)graph["cluster-token"]).GetValueAsync(CancellationToken.None))!);
        }
    }

    [Fact]
    public async Task Settings_are_passed_on_where_they_are_read_but_never_secrets()
    {
        await using var graph = await GraphModel.DescribeAsync(
            "--Engines=processes", "--Security:TrustedProxies:0=10.0.0.0/8", "--Security:Open=true", "--Security:AdminKey=ma_a_b",
            "--Cluster:Token=mine", "--AllowedHosts=media.example.org", "--Migrations:Patience=00:01:00");

        var api = await graph.EnvironmentAsync("api");
        Assert.Equal("10.0.0.0/8", api["Security__TrustedProxies__0"]);
        Assert.Equal("true", api["Security__Open"]);
        Assert.Equal("media.example.org", api["AllowedHosts"]);
        Assert.Equal("00:01:00", (await graph.EnvironmentAsync("migrations"))["Migrations__Patience"]);
        foreach (var process in new[] { "worker", "storage-1" })
        {
            var environment = await graph.EnvironmentAsync(process);
            Assert.Equal("true", environment["Security__Open"]);
            Assert.DoesNotContain("Security__TrustedProxies__0", environment.Keys);
        }

        foreach (var process in new[] { "api", "worker", "storage-1", "migrations" })
        {
            Assert.DoesNotContain(await graph.EnvironmentAsync(process), variable => variable.Value is "ma_a_b" or "mine");
        }
    }

    [Theory]
    [InlineData("--Engines=containers")]
    [InlineData("--Engines=processes")]
    public async Task The_secrets_of_s3_are_secret_parameters_that_only_the_api_and_the_users_of_the_object_store_get(string engines)
    {
        await using var graph = await GraphModel.DescribeAsync(engines);

        var environment = await graph.EnvironmentAsync("api");

        Assert.Equal("{s3-secrets-key.value}", environment["S3__SecretsKey"]);
        Assert.Equal("{s3-root-access-key.value}", environment["S3__RootAccessKey"]);
        Assert.Equal("{s3-root-secret-key.value}", environment["S3__RootSecretKey"]);
        foreach (var name in new[] { "s3-secrets-key", "s3-root-access-key", "s3-root-secret-key" })
        {
            Assert.True(Assert.IsType<ParameterResource>(graph[name]).Secret);
        }

        // The worker uses the object store, and none of the settings of the S3 API.
        var worker = await graph.EnvironmentAsync("worker");
        Assert.Contains("ConnectionStrings__s3", worker.Keys);
        Assert.DoesNotContain(worker.Keys, key => key.StartsWith("S3__", StringComparison.Ordinal));
        foreach (var other in new[] { "storage-1", "migrations" })
        {
            Assert.DoesNotContain(
                (await graph.EnvironmentAsync(other)).Keys,
                key => key.StartsWith("S3_", StringComparison.Ordinal) || key == "ConnectionStrings__s3");
        }
    }

    [Fact]
    public async Task The_secrets_of_s3_are_made_once_and_kept_with_the_data_unless_they_are_given()
    {
        var data = new DirectoryInfo(DataDirectories.CreateForRun());
        var made = await ReadAsync($"--Data:Directory={data.FullName}");
        var again = await ReadAsync($"--Data:Directory={data.FullName}");
        var given = await ReadAsync(
            $"--Data:Directory={data.FullName}", "--S3:RootAccessKey=MINE", "--S3:RootSecretKey=of-my-own", "--S3:SecretsKey=as-given");

        Assert.True(AccessKeyFormat.IsId(made.Id));
        Assert.True(AccessKeyFormat.IsSecret(made.Secret));
        Assert.Equal(32, Convert.FromBase64String(made.SecretsKey).Length);
        Assert.Equal(made, again);
        Assert.Equal(("MINE", "of-my-own", "as-given"), given);
        Assert.All(
            data.GetDirectories("s3").Single().GetFiles(),
            file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, file.UnixFileMode));

        static async Task<(string Id, string Secret, string SecretsKey)> ReadAsync(params string[] arguments)
        {
            await using var graph = await GraphModel.DescribeAsync(["--Engines=processes", .. arguments]);
            return (
                (await ((ParameterResource)graph["s3-root-access-key"]).GetValueAsync(CancellationToken.None))!,
                (await ((ParameterResource)graph["s3-root-secret-key"]).GetValueAsync(CancellationToken.None))!,
                (await ((ParameterResource)graph["s3-secrets-key"]).GetValueAsync(CancellationToken.None))!);
        }
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
