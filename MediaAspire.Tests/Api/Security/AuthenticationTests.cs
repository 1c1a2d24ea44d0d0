using System.Net.Sockets;
using System.Text;
using MediaAspire.Core.ApiKeys;
using MediaAspire.Tests.Harness;
using Npgsql;

namespace MediaAspire.Tests.Api.Security;

/// <summary>Tests of requests without a key, with a wrong one, and with one that may not.</summary>
public sealed class AuthenticationTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const string Known = TestApiKey.Text;

    private SecuredApi _api = null!;

    public async Task InitializeAsync()
    {
        await postgres.ClearAsync("owners", "api_keys");
        _api = await SecuredApi.StartAsync(postgres.Database);
    }

    public async Task DisposeAsync() => await _api.DisposeAsync();

    [Fact]
    public async Task A_key_is_accepted_in_either_header()
    {
        await _api.ExpectAsync(200, null, "GET", "/read");
        await _api.ExpectAsync(200, null, "GET", "/read", key: null, body: null, ("Authorization", $"Bearer {Known}"));
        await _api.ExpectAsync(200, null, "GET", "/read", key: null, body: null, ("authorization", $"bearer {Known}"));
        using var response = await _api.SendAsync("GET", "/read");
        Assert.Equal("ApiKey root ", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_request_without_a_key_is_refused_whatever_its_path()
    {
        foreach (var path in new[] { "/read", "/metrics", "/forgotten", "/admin/api-keys", "/admin/owners", "/nothing", "/", "/Read" })
        {
            using var response = await _api.SendAsync("GET", path, key: null);
            await SecuredApi.ExpectAsync(response, 401, "api-key-required");
            Assert.Equal("Bearer realm=\"MediaAspire\"", response.Headers.WwwAuthenticate.ToString());
        }

        await _api.ExpectAsync(401, "api-key-required", "PUT", "/write", key: null);
        await _api.ExpectAsync(200, null, "GET", "/alive", key: null);
        await _api.ExpectAsync(200, null, "GET", "/alive", key: "nonsense");
    }

    public static TheoryData<string, string> Malformed => new()
    {
        { "X-Api-Key", "" },
        { "X-Api-Key", "nonsense" },
        { "X-Api-Key", Known + "_" },
        { "X-Api-Key", $"Bearer {Known}" },
        { "X-Api-Key", $"{Known}, {Known}" },
        { "X-Api-Key", "ma_root_" + new string('a', 10_240) },
        { "Authorization", "" },
        { "Authorization", Known },
        { "Authorization", "Basic cm9vdDpyb290" },
        { "Authorization", "AWS4-HMAC-SHA256 Credential=a/b/c/s3/aws4_request, SignedHeaders=host, Signature=00" },
        { "Authorization", $"Bearer {Known} {Known}" },
        { "Authorization", $"Bearer  {Known}" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task A_malformed_header_is_refused_and_not_repeated(string name, string value)
    {
        using var response = await _api.SendAsync("GET", "/read", key: null, body: null, (name, value));

        var problem = await SecuredApi.ExpectAsync(response, 401, "credentials-malformed");
        Assert.Contains("error=\"invalid_token\"", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Known, problem.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData($"X-Api-Key: {Known}\r\nX-Api-Key: {Known}\r\n", "401")]
    [InlineData($"X-Api-Key: {Known}\r\nAuthorization: Bearer {Known}\r\n", "401")]
    [InlineData($"Authorization: Bearer {Known}\r\nAuthorization: Bearer {Known}\r\n", "401")]
    [InlineData("X-Api-Key: ma_r\u00f6\u00f6t_TestTestTestTestTestTestTestTestTestTestTestTest\r\n", "401")]
    [InlineData("X-Api-Key: ma_root_Test\u0007\r\n", "401")]
    [InlineData("X-Api-Key: ma_root_Test\0\r\n", "400")]
    [InlineData($"X-Api-Key: {Known}\r\n", "200")]
    [InlineData($"x-api-key:{Known}   \r\n", "200")]
    public async Task Headers_that_no_client_library_sends_are_refused(string headers, string status)
    {
        var request = $"GET /read HTTP/1.1\r\nHost: x\r\n{headers}Connection: close\r\n\r\n";

        Assert.Equal(status, await SendRawAsync(Encoding.UTF8.GetBytes(request)));
    }

    [Fact]
    public async Task A_header_that_is_not_even_UTF_8_is_refused() => Assert.Equal(
        "400",
        await SendRawAsync([.. "GET /read HTTP/1.1\r\nHost: x\r\nX-Api-Key: ma_"u8, 0xFF, 0xFE, .. "\r\nConnection: close\r\n\r\n"u8]));

    [Fact]
    public async Task A_key_that_is_not_valid_any_more_is_refused_like_one_that_never_was()
    {
        var (disabled, disabledText) = await _api.CreateKeyAsync(new { name = "disabled", scopes = SecuredApi.List("read") });
        var (deleted, deletedText) = await _api.CreateKeyAsync(new { name = "deleted", scopes = SecuredApi.List("read") });
        var (expired, expiredText) = await _api.CreateKeyAsync(new { name = "expired", scopes = SecuredApi.List("read") });
        await _api.ExpectAsync(200, null, "GET", "/read", disabledText);
        await _api.ExpectAsync(200, null, "GET", "/read", deletedText);

        // Known to this process, and refused from the next request on.
        await _api.ExpectAsync(204, null, "POST", $"/admin/api-keys/{disabled}/disable");
        await _api.ExpectAsync(204, null, "DELETE", $"/admin/api-keys/{deleted}");
        await using (var command = postgres.Database.CreateCommand("UPDATE api_keys SET expires_at = now() WHERE key_id = $1"))
        {
            command.Parameters.Add(new() { Value = expired });
            await command.ExecuteNonQueryAsync();
        }

        string[] refused =
        [
            disabledText, deletedText, expiredText, ApiKeyFormat.Compose("root", ApiKeyFormat.NewSecret()), Known[..^1] + "x",
            ApiKeyFormat.Compose(ApiKeyFormat.NewId(), ApiKeyFormat.NewSecret()),
        ];
        var details = new HashSet<string?>();
        foreach (var key in refused)
        {
            details.Add((await _api.ExpectAsync(401, "api-key-invalid", "GET", "/read", key)).GetProperty("detail").GetString());
        }

        Assert.Single(details);
        await _api.ExpectAsync(204, null, "POST", $"/admin/api-keys/{disabled}/enable");
        await _api.ExpectAsync(200, null, "GET", "/read", disabledText);
    }

    [Fact]
    public async Task A_key_is_refused_outside_its_addresses()
    {
        var (_, elsewhere) = await CreateAsync("10.0.0.0/8", "::1");
        var (_, here) = await CreateAsync("10.0.0.1", "127.0.0.0/8");

        var problem = await _api.ExpectAsync(403, "address-not-allowed", "GET", "/read", elsewhere);

        Assert.Contains("127.0.0.1", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("10.0", problem.GetRawText(), StringComparison.Ordinal);
        await _api.ExpectAsync(200, null, "GET", "/read", here);

        // Whatever such a client says about itself.
        await _api.ExpectAsync(
            403, "address-not-allowed", "GET", "/read", elsewhere, body: null,
            ("X-Forwarded-For", "10.0.0.1"), ("Forwarded", "for=10.0.0.1"));

        Task<(string Id, string Text)> CreateAsync(params string[] addresses) =>
            _api.CreateKeyAsync(new { name = "a", scopes = SecuredApi.List("read"), addresses });
    }

    [Theory]
    [InlineData("read", "/read")]
    [InlineData("files:read", "/read")]
    [InlineData("write", "/write")]
    [InlineData("files:write", "/write")]
    [InlineData("metrics", "/metrics")]
    [InlineData("admin", "/admin/api-keys")]
    public async Task A_key_opens_the_routes_of_its_scope_and_no_others(string scope, string allowed)
    {
        var (_, key) = await _api.CreateKeyAsync(new { name = "a", scopes = SecuredApi.List(scope) });

        foreach (var (method, path, policy) in new[]
        {
            ("GET", "/read", "files:read"), ("PUT", "/write", "files:write"), ("GET", "/metrics", "metrics"),
            ("GET", "/admin/api-keys", "admin"), ("POST", "/admin/owners", "admin"),
        })
        {
            using var response = await _api.SendAsync(method, path, key);
            if (path == allowed || (allowed.StartsWith("/admin", StringComparison.Ordinal) && policy == "admin"))
            {
                Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {response.StatusCode}");
                continue;
            }

            var problem = await SecuredApi.ExpectAsync(response, 403, "scope-missing");
            Assert.Contains(policy, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
            Assert.Equal(
                $"Bearer realm=\"MediaAspire\", error=\"insufficient_scope\", scope=\"{policy}\"",
                response.Headers.WwwAuthenticate.ToString());
        }

        await _api.ExpectAsync(404, "not-found", "GET", "/nothing", key);
        await _api.ExpectAsync(405, "method-not-allowed", "PATCH", "/read", key);
    }

    [Fact]
    public async Task A_route_without_a_policy_is_closed_to_every_key()
    {
        var problem = await _api.ExpectAsync(403, "scope-missing", "GET", "/forgotten");

        Assert.Equal("No API key is allowed this.", problem.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("api_key")]
    [InlineData("apikey")]
    [InlineData("API-Key")]
    [InlineData("access_token")]
    [InlineData("X-Api-Key")]
    [InlineData("key")]
    [InlineData("%61pi_key")]
    public async Task A_key_in_the_URL_is_refused_even_if_it_is_valid_or_not_needed(string name)
    {
        foreach (var path in new[] { "/read", "/alive", "/nothing" })
        {
            foreach (var key in new[] { Known, null })
            {
                var problem = await _api.ExpectAsync(400, "api-key-in-url", "GET", $"{path}?a=b&{name}={Known}", key);
                Assert.DoesNotContain(Known, problem.GetRawText(), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task A_parameter_that_is_no_key_is_not_refused()
    {
        await _api.ExpectAsync(200, null, "GET", "/read?key=0x8000000000000000");
        await _api.ExpectAsync(200, null, "GET", $"/read?filename={Known}");
    }

    [Fact]
    public async Task Without_the_database_a_request_is_refused_for_now_and_a_probe_is_answered()
    {
        await using var nowhere = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Timeout=1");
        await using var api = await SecuredApi.StartAsync(nowhere, isDatabaseUp: false);

        await api.ExpectAsync(503, "database-unavailable", "GET", "/read");
        await api.ExpectAsync(401, "api-key-required", "GET", "/read", key: null);
        await api.ExpectAsync(200, null, "GET", "/alive");
    }

    private async Task<string> SendRawAsync(byte[] request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_api.Address.Host, _api.Address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(request);
        using var reader = new StreamReader(stream);
        return (await reader.ReadToEndAsync()).Split(' ')[1];
    }
}
