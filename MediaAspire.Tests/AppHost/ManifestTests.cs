using System.Text.Json;
using MediaAspire.AppHost.Engines;

namespace MediaAspire.Tests.AppHost;

/// <summary>What is published, whatever this machine has.</summary>
public sealed class ManifestTests : IClassFixture<ManifestTests.Manifest>
{
    private readonly JsonElement _resources;

    public ManifestTests(Manifest manifest) => _resources = manifest.Resources;

    [Fact]
    public void Engines_are_containers_with_volumes_though_processes_were_asked_for()
    {
        var postgres = _resources.GetProperty("postgres");
        Assert.StartsWith("container.", postgres.GetProperty("type").GetString(), StringComparison.Ordinal);
        Assert.Equal("docker.io/library/postgres:18.3", postgres.GetProperty("image").GetString());
        Assert.Equal("{postgres-password.value}", postgres.GetProperty("env").GetProperty("POSTGRES_PASSWORD").GetString());
        Assert.Equal("/var/lib/postgresql", Assert.Single(postgres.GetProperty("volumes").EnumerateArray()).GetProperty("target").GetString());
        Assert.Equal("{postgres.connectionString};Database=media", _resources.GetProperty("media").GetProperty("connectionString").GetString());

        var redis = _resources.GetProperty("redis");
        Assert.Equal("docker.io/library/redis:8.6", redis.GetProperty("image").GetString());
        Assert.Equal("/data", Assert.Single(redis.GetProperty("volumes").EnumerateArray()).GetProperty("target").GetString());
    }

    [Fact]
    public void Redis_is_told_to_sync_every_write_within_the_one_argument_that_its_shell_reads()
    {
        var arguments = _resources.GetProperty("redis").GetProperty("args").EnumerateArray().Select(argument => argument.GetString()!).ToArray();

        Assert.Equal(2, arguments.Length);
        Assert.Equal("-c", arguments[0]);
        Assert.StartsWith("redis-server --requirepass $REDIS_PASSWORD", arguments[1], StringComparison.Ordinal);
        Assert.EndsWith("--appendonly yes --appendfsync always", arguments[1], StringComparison.Ordinal);
    }

    [Fact]
    public void LocalStack_is_pinned_and_serves_s3_only()
    {
        var s3 = _resources.GetProperty("s3");

        Assert.Equal("docker.io/localstack/localstack:4.14.0", s3.GetProperty("image").GetString());
        Assert.Equal("s3", s3.GetProperty("env").GetProperty("SERVICES").GetString());
        Assert.Equal(4566, s3.GetProperty("bindings").GetProperty("gateway").GetProperty("targetPort").GetInt32());
        Assert.Equal(
            "Endpoint={s3.bindings.gateway.url};AccessKey=test;SecretKey=test;Region=us-east-1",
            s3.GetProperty("connectionString").GetString());
        Assert.Equal(
            "{s3.connectionString};Bucket=media", _resources.GetProperty("s3-media").GetProperty("connectionString").GetString());
    }

    [Fact]
    public void Nodes_advertise_the_address_that_the_deployment_gives_them()
    {
        var node = _resources.GetProperty("storage-3");

        Assert.StartsWith("project.", node.GetProperty("type").GetString(), StringComparison.Ordinal);
        var environment = node.GetProperty("env");
        Assert.Equal("storage-3", environment.GetProperty("Storage__Name").GetString());
        Assert.Equal("/var/lib/mediaaspire", environment.GetProperty("Storage__DataDirectory").GetString());
        Assert.Equal("{storage-3.bindings.grpc.url}", environment.GetProperty("Storage__AdvertisedAddress").GetString());
        Assert.Equal("http2", node.GetProperty("bindings").GetProperty("grpc").GetProperty("transport").GetString());
    }

    [Fact]
    public void Api_is_external_and_sees_every_engine()
    {
        var api = _resources.GetProperty("api");

        Assert.True(api.GetProperty("bindings").GetProperty("http").GetProperty("external").GetBoolean());
        Assert.False(api.GetProperty("bindings").GetProperty("http").TryGetProperty("port", out _));
        var environment = api.GetProperty("env");
        Assert.Equal("{media.connectionString}", environment.GetProperty("ConnectionStrings__media").GetString());
        Assert.Equal("{redis.connectionString}", environment.GetProperty("ConnectionStrings__redis").GetString());
        Assert.Equal("{s3-media.connectionString}", environment.GetProperty("ConnectionStrings__s3").GetString());
        Assert.False(environment.TryGetProperty("ASPNETCORE_ENVIRONMENT", out _));
    }

    [Fact]
    public void S3_is_external_on_a_port_of_its_own_and_its_secrets_are_the_deployments()
    {
        var api = _resources.GetProperty("api");
        var s3 = api.GetProperty("bindings").GetProperty("s3");
        Assert.True(s3.GetProperty("external").GetBoolean());
        Assert.NotEqual(8080, s3.GetProperty("targetPort").GetInt32());

        var environment = api.GetProperty("env");
        Assert.Equal("{api.bindings.http.targetPort};{api.bindings.s3.targetPort}", environment.GetProperty("HTTP_PORTS").GetString());
        Assert.Equal("{api.bindings.s3.targetPort}", environment.GetProperty("S3__Port").GetString());
        Assert.Equal("{s3-secrets-key.value}", environment.GetProperty("S3__SecretsKey").GetString());

        foreach (var name in new[] { "s3-secrets-key", "s3-root-access-key", "s3-root-secret-key" })
        {
            var input = _resources.GetProperty(name).GetProperty("inputs").GetProperty("value");
            Assert.True(input.GetProperty("secret").GetBoolean());

            // The secrets key has to be 32 bytes in base64, which a manifest cannot generate.
            Assert.Equal(name != "s3-secrets-key", input.TryGetProperty("default", out _));
        }
    }

    [Fact]
    public void What_is_not_deployed_is_absent()
    {
        Assert.False(_resources.TryGetProperty("storage", out _));
        Assert.DoesNotContain(
            _resources.EnumerateObject(),
            resource => resource.Value.TryGetProperty("type", out var type) && type.GetString()!.StartsWith("executable.", StringComparison.Ordinal));
    }

    public sealed class Manifest : IAsyncLifetime
    {
        private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("mediaaspire-manifest-");

        public JsonElement Resources { get; private set; }

        public async Task InitializeAsync()
        {
            var path = Path.Combine(_directory.FullName, "manifest.json");
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            var result = await ChildProcess.RunAsync(
                "dotnet",
                [Path.Combine(AppContext.BaseDirectory, "MediaAspire.AppHost.dll"), "--publisher", "manifest", "--output-path", path, "--Engines=processes"],
                patience.Token);
            Assert.True(result.ExitCode == 0, $"The AppHost ended with {result.ExitCode}: {result.Output}{result.Error}");

            using var document = JsonDocument.Parse(await File.ReadAllTextAsync(path, patience.Token));
            Resources = document.RootElement.GetProperty("resources").Clone();
        }

        public Task DisposeAsync()
        {
            _directory.Delete(recursive: true);
            return Task.CompletedTask;
        }
    }
}
