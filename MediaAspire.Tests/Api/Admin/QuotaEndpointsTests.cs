using System.Net;
using System.Text;
using System.Text.Json;
using MediaAspire.Api.Admin;
using MediaAspire.Core.Buckets;
using MediaAspire.Core.Owners;
using MediaAspire.Core.Quotas;
using MediaAspire.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace MediaAspire.Tests.Api.Admin;

public sealed class QuotaEndpointsTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private WebApplication _app = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        await postgres.ClearAsync("owners", "buckets", "files");
        await postgres.ExecuteAsync("INSERT INTO owners (owner_id, display_name) VALUES ('alice', 'Alice')");
        var buckets = new BucketCatalog(postgres.Database, TimeProvider.System);
        await buckets.TryCreateAsync("films", "alice", "us-east-1", new Dictionary<BucketDocument, string>(), default);
        await postgres.ExecuteAsync(
            """
            INSERT INTO files (file_id, filename, content_type, total_size, upload_status, copies, completed_at, owner_id)
            SELECT gen_random_uuid(), 'a', 'b/c', 100, 'completed', 1, now(), 'alice' FROM generate_series(1, 3)
            """);

        _app = await AdminHost.StartAsync(
            postgres,
            builder =>
            {
                builder.Services.AddSingleton(buckets);
                builder.AddOwners();
                builder.AddQuotas();
            },
            admin =>
            {
                admin.MapOwners();
                admin.MapQuotas();
            });
        _client = _app.CreateKeyedClient();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    [Theory]
    [InlineData("/admin/owners/alice", 300, 3)]
    [InlineData("/admin/buckets/films", 0, 0)]
    public async Task A_quota_is_set_shown_changed_and_removed(string scope, long bytes, long objects)
    {
        await ExpectAsync(HttpMethod.Get, $"{scope}/quota", 404, "quota-not-found");
        var set = await ExpectAsync(HttpMethod.Put, $"{scope}/quota", 200, body: """{"bytes": 1000, "objects": 10}""");
        var shown = await ExpectAsync(HttpMethod.Get, $"{scope}/quota", 200);
        var usage = await ExpectAsync(HttpMethod.Get, $"{scope}/usage", 200);

        Assert.Equal(set.GetRawText(), shown.GetRawText());
        Assert.Equal("active", shown.GetProperty("state").GetString());
        Assert.Equal((1000, 10), (shown.GetProperty("bytes").GetInt64(), shown.GetProperty("objects").GetInt64()));
        Assert.Equal(usage.GetRawText(), shown.GetProperty("used").GetRawText());
        Assert.Equal((bytes, objects), (usage.GetProperty("bytes").GetInt64(), usage.GetProperty("objects").GetInt64()));

        var changed = await ExpectAsync(HttpMethod.Put, $"{scope}/quota", 200, body: """{"objects": 0}""");
        Assert.Equal(JsonValueKind.Null, changed.GetProperty("bytes").ValueKind);
        Assert.Equal(0, changed.GetProperty("objects").GetInt64());
        await ExpectAsync(HttpMethod.Delete, $"{scope}/quota", 204);
        await ExpectAsync(HttpMethod.Delete, $"{scope}/quota", 404, "quota-not-found");
    }

    [Fact]
    public async Task An_owner_is_shown_with_its_quota()
    {
        var without = await ExpectAsync(HttpMethod.Get, "/admin/owners/alice", 200);
        var set = await ExpectAsync(HttpMethod.Put, "/admin/owners/alice/quota", 200, body: """{"bytes": 1000}""");
        var with = await ExpectAsync(HttpMethod.Get, "/admin/owners/alice", 200);

        Assert.Equal(JsonValueKind.Null, without.GetProperty("quota").ValueKind);
        Assert.Equal("Alice", with.GetProperty("displayName").GetString());
        Assert.Equal(set.GetRawText(), with.GetProperty("quota").GetRawText());
    }

    [Fact]
    public async Task A_quota_whose_content_takes_long_to_count_is_shown_as_counting()
    {
        await using var connection = await postgres.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var change = new Npgsql.NpgsqlCommand("SELECT pg_current_xact_id()", connection, transaction))
        {
            await change.ExecuteNonQueryAsync();
        }

        var set = await ExpectAsync(HttpMethod.Put, "/admin/owners/alice/quota", 200, body: """{"bytes": 1000}""");

        Assert.Equal(("counting", JsonValueKind.Null), (set.GetProperty("state").GetString(), set.GetProperty("used").ValueKind));
        await transaction.CommitAsync();
        var again = await ExpectAsync(HttpMethod.Put, "/admin/owners/alice/quota", 200, body: """{"bytes": 1000}""");
        Assert.Equal(300, again.GetProperty("used").GetProperty("bytes").GetInt64());
    }

    [Theory]
    [InlineData("PUT", "/admin/owners/nobody/quota", """{"bytes": 1}""", 404, "owner-not-found")]
    [InlineData("PUT", "/admin/owners/a%20b/quota", """{"bytes": 1}""", 400, "owner-id-invalid")]
    [InlineData("PUT", "/admin/buckets/none/quota", """{"bytes": 1}""", 404, "bucket-not-found")]
    [InlineData("GET", "/admin/buckets/none/quota", null, 404, "bucket-not-found")]
    [InlineData("GET", "/admin/owners/nobody/usage", null, 404, "owner-not-found")]
    [InlineData("DELETE", "/admin/buckets/none/quota", null, 404, "bucket-not-found")]
    [InlineData("GET", "/admin/buckets/none/usage", null, 404, "bucket-not-found")]
    [InlineData("PUT", "/admin/owners/alice/quota", "{}", 400, "quota-invalid")]
    [InlineData("PUT", "/admin/owners/alice/quota", "null", 400, "quota-invalid")]
    [InlineData("PUT", "/admin/owners/alice/quota", """{"bytes": -1}""", 400, "quota-invalid")]
    [InlineData("PUT", "/admin/owners/alice/quota", """{"bytes": 1, "objects": -1}""", 400, "quota-invalid")]
    [InlineData("PUT", "/admin/owners/alice/quota", """{"bytes": "x"}""", 400, null)]
    [InlineData("PUT", "/admin/owners/alice/quota", """{"bytes": 9223372036854775808}""", 400, null)]
    public async Task A_bad_request_changes_nothing(string method, string path, string? body, int status, string? code)
    {
        await ExpectAsync(new(method), path, status, code, body);

        await ExpectAsync(HttpMethod.Get, "/admin/owners/alice/quota", 404, "quota-not-found");
    }

    private async Task<JsonElement> ExpectAsync(HttpMethod method, string path, int status, string? code = null, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        using var response = await _client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode}: {text}");
        if (response.StatusCode == HttpStatusCode.NoContent)
        {
            return default;
        }

        var json = JsonDocument.Parse(text).RootElement;
        if (code is not null)
        {
            Assert.Equal(code, json.GetProperty("code").GetString());
        }

        return json;
    }
}
