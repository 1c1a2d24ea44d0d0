using System.Text;
using MediaAspire.Tests.Api.Security;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.Admin;

public sealed class ApiKeyEndpointsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const string Keys = "/admin/api-keys";
    private const string Owners = "/admin/owners";

    private static readonly string[] s_read = ["read"];

    private SecuredApi _api = null!;

    public async Task InitializeAsync()
    {
        await postgres.ClearAsync("owners", "api_keys");
        _api = await SecuredApi.StartAsync(postgres.Database);
    }

    public async Task DisposeAsync() => await _api.DisposeAsync();

    [Fact]
    public async Task A_created_key_is_listed_and_shown_without_its_secret()
    {
        await _api.ExpectAsync(201, null, "POST", Owners, body: new { ownerId = "shop", displayName = "The shop" });
        var (id, text) = await _api.CreateKeyAsync(new
        {
            name = "Shop, read only",
            scopes = SecuredApi.List("read", "files:read", "read"),
            ownerId = "shop",
            addresses = SecuredApi.List("10.1.2.3/16", "2001:db8::1"),
            expiresAt = "2999-01-01T00:00:00Z",
        });

        await _api.ExpectAsync(403, "address-not-allowed", "GET", "/read", text);
        var shown = await _api.ExpectAsync(200, null, "GET", $"{Keys}/{id}");
        Assert.Equal(["files:read", "read"], shown.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()));
        Assert.Equal(
            ["10.1.0.0/16", "2001:db8::1/128"], shown.GetProperty("addresses").EnumerateArray().Select(range => range.GetString()));
        Assert.Equal(("shop", "root"), (shown.GetProperty("ownerId").GetString(), shown.GetProperty("createdBy").GetString()));
        var listed = await _api.ExpectAsync(200, null, "GET", Keys);
        Assert.Equal(2, listed.GetProperty("apiKeys").GetArrayLength());
        Assert.DoesNotContain(text.Split('_')[2], listed.GetRawText() + shown.GetRawText(), StringComparison.Ordinal);

        var first = await _api.ExpectAsync(200, null, "GET", $"{Keys}?limit=1");
        var next = first.GetProperty("next").GetString();
        var second = await _api.ExpectAsync(200, null, "GET", $"{Keys}?limit=1&after={next}");
        Assert.Equal(
            new[] { id, "root" }.Order(StringComparer.Ordinal),
            new[] { first, second }.Select(page => page.GetProperty("apiKeys")[0].GetProperty("keyId").GetString()));
    }

    [Fact]
    public async Task A_key_with_an_owner_acts_for_it_and_its_last_use_is_shown()
    {
        await _api.ExpectAsync(201, null, "POST", Owners, body: new { ownerId = "shop" });
        var (id, text) = await _api.CreateKeyAsync(new { name = "a", scopes = s_read, ownerId = "shop" });

        using var response = await _api.SendAsync("GET", "/read", text);

        Assert.Equal($"ApiKey {id} shop", await response.Content.ReadAsStringAsync());
        await _api.Uses.WriteAsync(CancellationToken.None);
        var shown = await _api.ExpectAsync(200, null, "GET", $"{Keys}/{id}");
        Assert.InRange(
            shown.GetProperty("lastUsedAt").GetDateTimeOffset(), shown.GetProperty("createdAt").GetDateTimeOffset(),
            DateTimeOffset.MaxValue);
    }

    [Fact]
    public async Task A_rotation_shows_the_new_secret_and_both_are_accepted_until_the_overlap_ends()
    {
        var (id, old) = await _api.CreateKeyAsync(new { name = "a", scopes = s_read });
        await _api.ExpectAsync(200, null, "GET", "/read", old);

        var rotated = await _api.ExpectAsync(200, null, "POST", $"{Keys}/{id}/rotate");
        var text = rotated.GetProperty("apiKey").GetString();
        Assert.NotEqual(old, text);
        await _api.ExpectAsync(200, null, "GET", "/read", old);
        await _api.ExpectAsync(200, null, "GET", "/read", text);
        Assert.NotEqual(default, rotated.GetProperty("key").GetProperty("previousValidUntil").GetDateTimeOffset());

        var again = (await _api.ExpectAsync(200, null, "POST", $"{Keys}/{id}/rotate", body: new { overlapSeconds = 0 }))
            .GetProperty("apiKey").GetString();
        await _api.ExpectAsync(401, "api-key-invalid", "GET", "/read", old);
        await _api.ExpectAsync(401, "api-key-invalid", "GET", "/read", text);
        await _api.ExpectAsync(200, null, "GET", "/read", again);
    }

    [Fact]
    public async Task A_key_grants_only_the_scopes_that_it_has()
    {
        var (_, operators) = await _api.CreateKeyAsync(new { name = "operators", scopes = SecuredApi.List("admin", "files:read") });

        await _api.CreateKeyAsync(new { name = "a", scopes = SecuredApi.List("files:read", "admin") }, operators);
        foreach (var scope in new[] { "read", "write", "files:write", "metrics" })
        {
            var problem = await _api.ExpectAsync(
                403, "scope-not-held", "POST", Keys, operators, new { name = "a", scopes = SecuredApi.List(scope) });
            Assert.Contains($"\"{scope}\"", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_last_admin_key_and_the_configured_one_stay()
    {
        await _api.ExpectAsync(409, "api-key-last-admin", "POST", $"{Keys}/root/disable");
        await _api.ExpectAsync(409, "api-key-configured", "DELETE", $"{Keys}/root");
        await _api.ExpectAsync(409, "api-key-configured", "POST", $"{Keys}/root/rotate");

        var (id, text) = await _api.CreateKeyAsync(new { name = "second", scopes = SecuredApi.List("admin") });
        await _api.ExpectAsync(204, null, "POST", $"{Keys}/root/disable", text);
        await _api.ExpectAsync(401, "api-key-invalid", "GET", "/read");
        await _api.ExpectAsync(409, "api-key-last-admin", "DELETE", $"{Keys}/{id}", text);
        await _api.ExpectAsync(409, "api-key-last-admin", "POST", $"{Keys}/{id}/disable", text);
        await _api.ExpectAsync(204, null, "POST", $"{Keys}/root/enable", text);
        await _api.ExpectAsync(204, null, "DELETE", $"{Keys}/{id}", text);
        await _api.ExpectAsync(401, "api-key-invalid", "GET", Keys, text);
    }

    [Theory]
    [InlineData("api-key-name-invalid", """{"scopes": ["read"]}""")]
    [InlineData("api-key-name-invalid", """{"name": "", "scopes": ["read"]}""")]
    [InlineData("api-key-name-invalid", "{\"name\": \"a\\u0007\", \"scopes\": [\"read\"]}")]
    [InlineData("api-key-name-invalid", "null")]
    [InlineData("scopes-missing", """{"name": "a"}""")]
    [InlineData("scopes-missing", """{"name": "a", "scopes": []}""")]
    [InlineData("scope-unknown", """{"name": "a", "scopes": ["root"]}""")]
    [InlineData("scope-unknown", """{"name": "a", "scopes": ["READ"]}""")]
    [InlineData("scope-unknown", """{"name": "a", "scopes": [null]}""")]
    [InlineData("scope-needs-no-owner", """{"name": "a", "scopes": ["read", "admin"], "ownerId": "shop"}""")]
    [InlineData("scope-needs-no-owner", """{"name": "a", "scopes": ["metrics"], "ownerId": "shop"}""")]
    [InlineData("owner-id-invalid", """{"name": "a", "scopes": ["read"], "ownerId": "a b"}""")]
    [InlineData("address-range-invalid", """{"name": "a", "scopes": ["read"], "addresses": ["10.0.0.1/33"]}""")]
    [InlineData("address-range-invalid", """{"name": "a", "scopes": ["read"], "addresses": ["example.org"]}""")]
    [InlineData("address-range-invalid", """{"name": "a", "scopes": ["read"], "addresses": [null]}""")]
    [InlineData("address-range-invalid", """{"name": "a", "scopes": ["read"], "addresses": ["::ffff:10.0.0.1"]}""")]
    [InlineData("expiry-passed", """{"name": "a", "scopes": ["read"], "expiresAt": "2001-01-01T00:00:00Z"}""")]
    [InlineData("bad-request", """{"name": 1}""")]
    [InlineData("bad-request", """{"name": """)]
    public async Task A_bad_request_for_a_key_says_what_is_wrong(string code, string body)
    {
        using var response = await _api.SendAsync("POST", Keys, body: new StringContent(body, Encoding.UTF8, "application/json"));
        await SecuredApi.ExpectAsync(response, 400, code);
        Assert.Single(await _api.Keys.ListAsync("", 10, CancellationToken.None));
    }

    [Fact]
    public async Task Bad_paths_and_parameters_say_what_is_wrong()
    {
        await _api.ExpectAsync(404, "owner-not-found", "POST", Keys, body: new { name = "a", scopes = s_read, ownerId = "nobody" });
        await _api.ExpectAsync(
            400, "addresses-too-many", "POST", Keys,
            body: new { name = "a", scopes = s_read, addresses = Enumerable.Range(0, 65).Select(last => $"10.0.0.{last}") });
        await _api.ExpectAsync(404, "api-key-not-found", "GET", $"{Keys}/nobody");
        await _api.ExpectAsync(404, "api-key-not-found", "DELETE", $"{Keys}/nobody");
        await _api.ExpectAsync(404, "api-key-not-found", "POST", $"{Keys}/nobody/disable");
        await _api.ExpectAsync(404, "api-key-not-found", "POST", $"{Keys}/nobody/enable");
        await _api.ExpectAsync(404, "api-key-not-found", "POST", $"{Keys}/nobody/rotate");
        await _api.ExpectAsync(400, "api-key-id-invalid", "GET", $"{Keys}/a_b");
        await _api.ExpectAsync(400, "api-key-id-invalid", "POST", $"{Keys}/a%20b/rotate");
        await _api.ExpectAsync(400, "api-key-id-invalid", "GET", $"{Keys}?after=a_b");
        await _api.ExpectAsync(400, "limit-out-of-range", "GET", $"{Keys}?limit=0");
        await _api.ExpectAsync(400, "limit-out-of-range", "GET", $"{Keys}?limit=1001");
        await _api.ExpectAsync(400, "overlap-out-of-range", "POST", $"{Keys}/root/rotate", body: new { overlapSeconds = -1 });
        await _api.ExpectAsync(400, "overlap-out-of-range", "POST", $"{Keys}/root/rotate", body: new { overlapSeconds = 2_592_001 });
    }

    [Fact]
    public async Task Owners_are_created_shown_and_listed()
    {
        var made = await _api.ExpectAsync(201, null, "POST", Owners);
        Assert.Matches("^[0-9a-f]{64}$", made.GetProperty("ownerId").GetString());
        using var created = await _api.SendAsync("POST", Owners, body: new { ownerId = "a@b.c:1+2", displayName = "Åsa" });
        await SecuredApi.ExpectAsync(created, 201, null);

        var shown = await _api.ExpectAsync(200, null, "GET", created.Headers.Location!.ToString());

        Assert.Equal(("a@b.c:1+2", "Åsa"), (shown.GetProperty("ownerId").GetString(), shown.GetProperty("displayName").GetString()));
        await _api.ExpectAsync(409, "owner-exists", "POST", Owners, body: new { ownerId = "a@b.c:1+2" });
        await _api.ExpectAsync(404, "owner-not-found", "GET", $"{Owners}/nobody");
        await _api.ExpectAsync(400, "owner-id-invalid", "GET", $"{Owners}/a%20b");
        await _api.ExpectAsync(400, "owner-id-invalid", "POST", Owners, body: new { ownerId = "" });
        await _api.ExpectAsync(400, "display-name-invalid", "POST", Owners, body: new { displayName = "" });
        await _api.ExpectAsync(400, "limit-out-of-range", "GET", $"{Owners}?limit=0");
        await _api.ExpectAsync(400, "owner-id-invalid", "GET", $"{Owners}?after=a%20b");
        var page = await _api.ExpectAsync(200, null, "GET", $"{Owners}?limit=1");
        var next = Uri.EscapeDataString(page.GetProperty("next").GetString()!);
        var rest = await _api.ExpectAsync(200, null, "GET", $"{Owners}?after={next}");
        Assert.Equal(1, rest.GetProperty("owners").GetArrayLength());
    }
}
