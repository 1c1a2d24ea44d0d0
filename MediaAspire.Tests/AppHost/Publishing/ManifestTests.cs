using System.Text.Json;
using System.Xml.Linq;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.AppHost.Publishing;

/// <summary>Rules that hold for every published graph, on every machine.</summary>
public sealed class ManifestTests : IClassFixture<ManifestTests.Fixture>
{
    private readonly JsonElement _resources;

    public ManifestTests(Fixture fixture) => _resources = fixture.Manifest.Resources;

    [Fact]
    public void Engines_are_containers_with_volumes_though_processes_were_asked_for()
    {
        var postgres = _resources.GetProperty("postgres");
        Assert.Equal("docker.io/library/postgres:18.3", postgres.GetProperty("image").GetString());
        Assert.Equal("{postgres-password.value}", postgres.GetProperty("env").GetProperty("POSTGRES_PASSWORD").GetString());
        Assert.Equal("/var/lib/postgresql", Volume(postgres).Target);

        var redis = _resources.GetProperty("redis");
        Assert.Equal("docker.io/library/redis:8.6", redis.GetProperty("image").GetString());
        Assert.Equal("/data", Volume(redis).Target);
    }

    [Fact]
    public void The_database_is_created_by_its_image_because_nobody_else_would()
    {
        Assert.Equal(
            "{postgres.connectionString};Database=media",
            _resources.GetProperty("media").GetProperty("connectionString").GetString());
        Assert.Equal("media", _resources.GetProperty("postgres").GetProperty("env").GetProperty("POSTGRES_DB").GetString());
    }

    [Fact]
    public void Redis_syncs_every_write_by_the_one_argument_that_its_shell_reads()
    {
        var arguments = _resources.GetProperty("redis").GetProperty("args").EnumerateArray()
            .Select(argument => argument.GetString()!).ToArray();

        Assert.Equal(2, arguments.Length);
        Assert.Equal("-c", arguments[0]);
        Assert.StartsWith("redis-server --requirepass $REDIS_PASSWORD", arguments[1], StringComparison.Ordinal);
        Assert.EndsWith("--appendonly yes --appendfsync always", arguments[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Every_node_has_a_volume_of_its_own_where_it_keeps_its_chunks()
    {
        var nodes = _resources.EnumerateObject().Where(resource => resource.Name.StartsWith("storage-", StringComparison.Ordinal)).ToList();

        Assert.Equal(6, nodes.Count);
        Assert.All(nodes, node =>
        {
            Assert.Equal("container.v1", node.Value.GetProperty("type").GetString());
            var environment = node.Value.GetProperty("env");
            Assert.Equal(node.Name, environment.GetProperty("Storage__Name").GetString());
            Assert.Equal(Volume(node.Value).Target, environment.GetProperty("Storage__DataDirectory").GetString());
            Assert.False(environment.TryGetProperty("Storage__AllowEphemeralData", out _));
        });
        Assert.Equal(6, nodes.Select(node => Volume(node.Value).Name).Distinct().Count());
    }

    [Fact]
    public void Nodes_advertise_the_address_that_the_deployment_gives_them()
    {
        var node = _resources.GetProperty("storage-3");

        Assert.Equal("{storage-3.bindings.grpc.url}", node.GetProperty("env").GetProperty("Storage__AdvertisedAddress").GetString());
        Assert.Equal("http2", node.GetProperty("bindings").GetProperty("grpc").GetProperty("transport").GetString());
    }

    [Fact]
    public void Every_service_is_built_from_a_Dockerfile_of_the_repository()
    {
        var built = _resources.EnumerateObject().Where(resource => resource.Value.TryGetProperty("build", out _)).ToList();

        Assert.Equal(
            ["api", "migrations", "storage-1", "storage-2", "storage-3", "storage-4", "storage-5", "storage-6", "worker"],
            built.Select(resource => resource.Name).Order());
        Assert.All(built, resource =>
        {
            var build = resource.Value.GetProperty("build");
            Assert.Equal(".", build.GetProperty("context").GetString());
            Assert.True(File.Exists(Path.Combine(Snapshot.Repository, build.GetProperty("dockerfile").GetString()!)));
        });
    }

    [Theory]
    [InlineData("MediaAspire.Api")]
    [InlineData("MediaAspire.Storage")]
    [InlineData("MediaAspire.Worker")]
    public void A_Dockerfile_copies_what_its_project_imports(string project)
    {
        var directory = Path.Combine(Snapshot.Repository, project);
        var dockerfile = File.ReadAllText(Path.Combine(directory, "Dockerfile"));

        var imports = XDocument.Load(Path.Combine(directory, $"{project}.csproj")).Descendants("Import").ToList();

        Assert.NotEmpty(imports);
        Assert.All(
            imports.Select(import => import.Attribute("Project")!.Value[3..]),
            file => Assert.Contains($"COPY {file} {file}\n", dockerfile, StringComparison.Ordinal));
    }

    [Fact]
    public void Migrations_are_a_container_without_bindings_and_with_the_command_to_migrate()
    {
        var migrations = _resources.GetProperty("migrations");

        Assert.Equal(["migrate"], migrations.GetProperty("args").EnumerateArray().Select(argument => argument.GetString()));
        Assert.False(migrations.TryGetProperty("bindings", out _));
        Assert.Equal("{media.connectionString}", migrations.GetProperty("env").GetProperty("ConnectionStrings__media").GetString());
    }

    [Fact]
    public void Only_the_api_and_its_s3_are_external()
    {
        var external =
            from resource in _resources.EnumerateObject()
            where resource.Value.TryGetProperty("bindings", out _)
            from binding in resource.Value.GetProperty("bindings").EnumerateObject()
            where binding.Value.TryGetProperty("external", out var isExternal) && isExternal.GetBoolean()
            select $"{resource.Name}.{binding.Name}";

        Assert.Equal(["api.http", "api.s3"], external);
    }

    [Fact]
    public void Api_listens_on_the_ports_of_its_image_and_sees_every_engine()
    {
        var api = _resources.GetProperty("api");
        Assert.Equal(8080, api.GetProperty("bindings").GetProperty("http").GetProperty("targetPort").GetInt32());
        Assert.Equal(9000, api.GetProperty("bindings").GetProperty("s3").GetProperty("targetPort").GetInt32());

        var environment = api.GetProperty("env");
        Assert.Equal(9001, api.GetProperty("bindings").GetProperty("admin").GetProperty("targetPort").GetInt32());
        Assert.Equal(
            "{api.bindings.http.targetPort};{api.bindings.admin.targetPort};{api.bindings.s3.targetPort}",
            environment.GetProperty("HTTP_PORTS").GetString());
        Assert.Equal("{api.bindings.admin.targetPort}", environment.GetProperty("Admin__Port").GetString());
        Assert.Equal("{api.bindings.s3.targetPort}", environment.GetProperty("S3__Port").GetString());
        Assert.Equal("{media-application.connectionString}", environment.GetProperty("ConnectionStrings__media").GetString());
        Assert.Equal("{redis.connectionString}", environment.GetProperty("ConnectionStrings__redis").GetString());
        Assert.Equal("{s3.connectionString}", environment.GetProperty("ConnectionStrings__s3").GetString());
        Assert.False(environment.TryGetProperty("ASPNETCORE_ENVIRONMENT", out _));
    }

    [Fact]
    public void A_client_cannot_forge_its_address_by_a_header()
    {
        Assert.False(_resources.GetProperty("api").GetProperty("env").TryGetProperty("ASPNETCORE_FORWARDEDHEADERS_ENABLED", out _));
    }

    [Fact]
    public void The_s3_of_the_graph_is_its_own()
    {
        Assert.Equal(
            "Endpoint={api.bindings.s3.url};AccessKey={s3-root-access-key.value};SecretKey={s3-root-secret-key.value};"
            + "Region=us-east-1;Bucket=media",
            _resources.GetProperty("s3").GetProperty("connectionString").GetString());
        Assert.DoesNotContain(_resources.EnumerateObject(), resource =>
            resource.Value.TryGetProperty("image", out var image) && image.GetString()!.Contains("localstack", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("postgres-password", true)]
    [InlineData("postgres-application-password", true)]
    [InlineData("postgres-node-password", true)]
    [InlineData("redis-password", true)]
    [InlineData("cluster-token", true)]
    [InlineData("s3-root-access-key", true)]
    [InlineData("s3-root-secret-key", true)]
    [InlineData("admin-key", false)] // Has a prefix and an id, which a manifest cannot generate.
    [InlineData("s3-secrets-key", false)] // 32 bytes in base64, which a manifest cannot generate.
    public void Secrets_are_secret_parameters_of_the_deployment(string name, bool isGenerated)
    {
        var input = _resources.GetProperty(name).GetProperty("inputs").GetProperty("value");

        Assert.True(input.GetProperty("secret").GetBoolean());
        Assert.Equal(isGenerated, input.TryGetProperty("default", out var made) && made.TryGetProperty("generate", out _));
    }

    [Fact]
    public void Resources_that_are_not_deployed_are_absent()
    {
        Assert.False(_resources.TryGetProperty("storage", out _));
        Assert.All(_resources.EnumerateObject(), resource => Assert.False(resource.Value.TryGetProperty("error", out _), resource.Name));
        Assert.DoesNotContain(
            _resources.EnumerateObject(),
            resource => resource.Value.TryGetProperty("type", out var type)
                && type.GetString()!.StartsWith("executable.", StringComparison.Ordinal));
    }

    private static (string Name, string Target) Volume(JsonElement container)
    {
        var volume = Assert.Single(container.GetProperty("volumes").EnumerateArray());
        Assert.False(volume.GetProperty("readOnly").GetBoolean());
        return (volume.GetProperty("name").GetString()!, volume.GetProperty("target").GetString()!);
    }

    public sealed class Fixture : IAsyncLifetime
    {
        internal PublishedManifest Manifest { get; private set; } = null!;

        public async Task InitializeAsync() => Manifest = await PublishedManifest.PublishAsync("--Engines=processes");

        public Task DisposeAsync() => Task.CompletedTask;
    }
}
