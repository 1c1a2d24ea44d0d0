using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using MediaAspire.Core.AccessKeys;
using MediaAspire.Core.ApiKeys;
using MediaAspire.Tests.Graph;
using MediaAspire.Tests.Harness;
using Npgsql;

namespace MediaAspire.Tests.AppHost.Publishing;

/// <summary>Tests that the graph of the manifest works, in any order in which a deployment starts it.</summary>
public sealed class PublishedGraphTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Database = "published";
    private const string AdminKey = "ma_abcdefghijklmnop_0123456789012345678901234567890123456789012";

    private static readonly string[] s_services = ["api", "worker", "storage-1", "storage-2", "storage-3"];

    [Fact]
    public async Task Services_that_start_before_database_and_migrations_wait_for_both_and_then_serve()
    {
        await using var redis = await TestRedis.StartAsync();
        await redis.KillAsync();
        using var disks = new TemporaryDirectory();
        var manifest = await PublishedManifest.PublishAsync("--Storage:Nodes=3");
        var values = Values(manifest, redis);
        using var api = new HttpClient
        {
            BaseAddress = values.Url("api", "http"),
            DefaultRequestHeaders = { { TestApiKey.Header, AdminKey } },
        };
        using var worker = new HttpClient { BaseAddress = values.Url("worker", "http") };
        var services = s_services.Select(Start).ToList();
        try
        {
            await Until.TrueAsync("the api answers", () => AnswersAsync(api, "/alive"));
            await Until.TrueAsync("the worker answers", () => AnswersAsync(worker, "/alive"));
            await Until.TrueAsync("every node has missed the database", () => Task.FromResult(
                services.Where(service => service.Name.StartsWith("storage-", StringComparison.Ordinal))
                    .All(node => node.Output.Contains("Reporting to the cluster failed", StringComparison.Ordinal))));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await api.GetAsync("/health")).StatusCode);
            services.ForEach(service => service.AssertRuns());

            await CreateDatabaseAsync();
            Assert.Equal(0, await MigrateAsync());
            Assert.Equal(0, await MigrateAsync());

            await Until.TrueAsync("the api is healthy", () => AnswersAsync(api, "/health"));
            await Until.TrueAsync("the worker is healthy", () => AnswersAsync(worker, "/health"));
            var bytes = TestBytes.Make(11, 3_000_000);
            await Until.TrueAsync("the nodes take files", async () =>
                (await api.PutAsync("/files?filename=probe", new ByteArrayContent(bytes))).StatusCode == HttpStatusCode.Created);
            var file = (await api.PutFileAsync(bytes)).FileId;
            Assert.Equal(bytes, await api.GetByteArrayAsync($"/files/{file}"));
            services.ForEach(service => service.AssertRuns());

            // All of that without Redis, which only short-term storage needs.
            await AssertStagingAsync(api, HttpStatusCode.ServiceUnavailable);
            Assert.Contains("Degraded", await api.GetStringAsync("/health"), StringComparison.Ordinal);
            await redis.RestartAsync();
            await Until.TrueAsync("short-term storage is back", async () => await PutStagedAsync(api) == HttpStatusCode.OK);
            await Until.TrueAsync("api and worker have Redis back", () => Task.FromResult(
                services.Where(service => service.Name is "api" or "worker").All(service => Count(service.Output, "responds again") >= 1)));
            await redis.KillAsync();
            await AssertStagingAsync(api, HttpStatusCode.ServiceUnavailable);
            Assert.Equal(bytes, await api.GetByteArrayAsync($"/files/{(await api.PutFileAsync(bytes)).FileId}"));
            await Until.TrueAsync("the api is healthy", () => AnswersAsync(api, "/health"));
            await Until.TrueAsync("the worker is healthy", () => AnswersAsync(worker, "/health"));
            await redis.RestartAsync();
            await Until.TrueAsync("short-term storage is back", async () => await PutStagedAsync(api) == HttpStatusCode.OK);
            foreach (var client in services.Where(service => service.Name is "api" or "worker"))
            {
                // Once for each outage, without the log of the client, which has a stack trace for every attempt.
                await Until.TrueAsync(
                    $"{client.Name} has noticed both outages", () => Task.FromResult(Count(client.Output, "responds again") >= 2));
                Assert.Equal(Count(client.Output, "responds again"), Count(client.Output, "does not respond: "));
                Assert.DoesNotContain(": StackExchange.Redis.", client.Output, StringComparison.Ordinal);
            }

            foreach (var service in services)
            {
                Assert.Equal(0, await service.StopAsync());
            }
        }
        finally
        {
            foreach (var service in services)
            {
                await service.DisposeAsync();
            }
        }

        PublishedProcess Start(string name) => name.StartsWith("storage-", StringComparison.Ordinal)
            ? new(
                manifest, name, values,
                ("Storage__DataDirectory", Path.Combine(disks.Path, name)), ("Storage__AllowEphemeralData", "true"))
            : new(manifest, name, values, ("Database__AllowUnsafeSettings", "true")); // The tests' server runs with fsync = off.

        async Task<int> MigrateAsync()
        {
            await using var migrations = Start("migrations");
            return await migrations.WaitForExitAsync();
        }
    }

    [Theory]
    [InlineData("migrations")]
    [InlineData("worker")]
    [InlineData("api")]
    public async Task A_process_ends_with_an_error_when_its_database_would_lose_data(string name)
    {
        await using var redis = await TestRedis.StartAsync();
        var manifest = await PublishedManifest.PublishAsync("--Storage:Nodes=3");
        var values = Values(manifest, redis, "postgres");
        await using var process = new PublishedProcess(manifest, name, values);

        // The tests' server runs with fsync = off.
        Assert.Equal(1, await process.WaitForExitAsync());
        Assert.Contains("PostgreSQL's fsync is off.", process.Output, StringComparison.Ordinal);
    }

    private ManifestValues Values(PublishedManifest manifest, TestRedis redis, string database = Database) =>
        new(manifest, new Dictionary<string, string>
        {
            ["media.connectionString"] = ConnectionStringOf("postgres", database),
            ["media-application.connectionString"] = ConnectionStringOf(database == Database ? "media_application" : "postgres", database),
            ["media-nodes.connectionString"] = ConnectionStringOf("media_node", database),
            ["redis.connectionString"] = redis.ConnectionString,
            ["postgres-password.inputs.value"] = "unused",
            ["postgres-application-password.inputs.value"] = "application",
            ["postgres-node-password.inputs.value"] = "node",
            ["redis-password.inputs.value"] = "unused",
            ["cluster-token.inputs.value"] = TestNode.Token,
            ["admin-key.inputs.value"] = AdminKey,
            ["events-secret.inputs.value"] = ApiKeyFormat.NewSecret(),
            ["images-signing-key.inputs.value"] = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)),
            ["s3-secrets-key.inputs.value"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
            ["s3-root-access-key.inputs.value"] = AccessKeyFormat.NewId(),
            ["s3-root-secret-key.inputs.value"] = AccessKeyFormat.NewSecret(),
        });

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private static async Task<HttpStatusCode> PutStagedAsync(HttpClient api)
    {
        using var answer = await api.PostAsJsonAsync("/files", new { client_id = "a", name = "b", data = "AAAA" });
        return answer.StatusCode;
    }

    private static async Task AssertStagingAsync(HttpClient api, HttpStatusCode expected)
    {
        using var answer = await api.PostAsJsonAsync("/files", new { client_id = "a", name = "b", data = "AAAA" });
        Assert.Equal(expected, answer.StatusCode);
        Assert.Contains("\"staging-unavailable\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    private string ConnectionStringOf(string role, string database) =>
        new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Database = database, Username = role }.ConnectionString;

    private async Task CreateDatabaseAsync()
    {
        await using var command = postgres.Database.CreateCommand($"CREATE DATABASE {Database}");
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<bool> AnswersAsync(HttpClient client, string path)
    {
        try
        {
            using var answer = await client.GetAsync(path);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
