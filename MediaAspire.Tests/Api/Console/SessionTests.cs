using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using MediaAspire.Core.ApiKeys;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace MediaAspire.Tests.Api.Console;

/// <summary>Signing a browser in and out, and what its session may do.</summary>
public sealed class SessionTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_browser_signs_in_uses_the_API_and_signs_out()
    {
        await using var host = await StartAsync();
        var (id, key) = await host.CreateKeyAsync();
        await ExpectAsync(host, 401, "api-key-required", "GET", "/files");

        using (var response = await host.SignInAsync(key))
        {
            Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
            var port = host.Browser.BaseAddress!.Port.ToString(CultureInfo.InvariantCulture);
            Assert.Matches(
                $"^mediaaspire-console-{port}=[A-Za-z0-9]{{43}}; max-age=43200; path=/; samesite=strict; httponly$",
                response.Headers.GetValues("Set-Cookie").Single());
        }

        var session = await ExpectAsync(host, 200, null, "GET", "/console/session");
        Assert.Equal("a key for tests", session.GetProperty("name").GetString());
        Assert.Equal(
            ["files:read", "images:read", "media:read", "read"], session.GetProperty("scopes").EnumerateArray().Select(one => one.GetString()));
        Assert.InRange(
            session.GetProperty("expiresAt").GetDateTimeOffset() - TimeProvider.System.GetUtcNow(), TimeSpan.FromHours(11), TimeSpan.FromHours(13));
        Assert.False(session.GetProperty("administration").GetBoolean());
        Assert.Equal($"ApiKey {id} ", await host.Browser.GetStringAsync("/files"));
        await ExpectAsync(host, 403, "scope-missing", "GET", "/operators");

        var cookie = host.Cookie;
        await ExpectAsync(host, 204, null, "DELETE", "/console/session", SessionHost.OfConsole);
        Assert.Empty(host.Cookie);
        await ExpectAsync(host, 401, "session-ended", "GET", "/files", ("Cookie", cookie));
        Assert.Equal(
            JsonValueKind.Null,
            (await ExpectAsync(host, 401, "not-signed-in", "GET", "/console/session")).GetProperty("signIn").GetProperty("openIdConnect").ValueKind);
    }

    [Fact]
    public async Task Over_TLS_the_cookie_is_secure_and_of_this_host_only()
    {
        await using var host = await StartAsync();
        var (_, key) = await host.CreateKeyAsync();

        using var response = await host.SignInAsync(key, ("X-Forwarded-Proto", "https"), ("X-Forwarded-For", "192.0.2.1"), ("Host", "media"));

        Assert.Matches(
            "^__Host-mediaaspire-console=[A-Za-z0-9]{43}; max-age=43200; path=/; secure; samesite=strict; httponly$",
            response.Headers.GetValues("Set-Cookie").Single());
    }

    [Theory]
    [InlineData("ma_nobody1_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 401, "api-key-invalid")]
    [InlineData("nonsense", 401, "api-key-invalid")]
    [InlineData("", 400, "sign-in-invalid")]
    [InlineData(null, 400, "sign-in-invalid")]
    public async Task A_wrong_key_starts_no_session(string? key, int status, string code)
    {
        await using var host = await StartAsync();

        using var response = await host.SignInAsync(key!);

        Assert.False(response.Headers.Contains("Set-Cookie"));
        await ExpectAsync(response, status, code);
    }

    [Theory]
    [InlineData("{\"key\": 7}")]
    [InlineData("[]")]
    [InlineData("{")]
    public async Task A_malformed_sign_in_is_refused(string body)
    {
        await using var host = await StartAsync();

        using var response = await host.SendAsync(
            "POST", "/console/session", new StringContent(body, Encoding.UTF8, "application/json"), SessionHost.OfConsole);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task A_session_ends_with_its_key_in_every_way()
    {
        await using var host = await StartAsync();
        var keys = host.Services.GetRequiredService<ApiKeyStore>();
        await AssertEndsAsync(id => keys.DisableAsync(id, default));
        await AssertEndsAsync(id => keys.DeleteAsync(id, default));
        await AssertEndsAsync(id => keys.RotateAsync(id, ApiKeyFormat.Hash(ApiKeyFormat.NewSecret()), TimeSpan.Zero, default));
        await AssertEndsAsync(id => RunAsync("UPDATE api_keys SET expires_at = now() WHERE key_id = $1", id));
        await AssertEndsAsync(id => RunAsync("UPDATE api_keys SET scopes = '{metrics}' WHERE key_id = $1", id), 403, "scope-missing");
        await AssertEndsAsync(
            id => RunAsync("UPDATE api_keys SET addresses = '{192.0.2.0/24}' WHERE key_id = $1", id), 403, "address-not-allowed");
        await AssertEndsAsync(id => RunAsync("UPDATE console_sessions SET expires_at = now() WHERE key_id = $1", id));

        // With an overlap, the secret of the sign-in stays valid, and so does the session.
        var (id, key) = await host.CreateKeyAsync();
        (await host.SignInAsync(key)).Dispose();
        await keys.RotateAsync(id, ApiKeyFormat.Hash(ApiKeyFormat.NewSecret()), TimeSpan.FromHours(1), default);
        await ExpectAsync(host, 200, null, "GET", "/files");

        async Task AssertEndsAsync(Func<string, Task> end, int status = 401, string code = "session-ended")
        {
            var (id, key) = await host.CreateKeyAsync();
            (await host.SignInAsync(key)).Dispose();
            await ExpectAsync(host, 200, null, "GET", "/files");
            await end(id);
            await ExpectAsync(host, status, code, "GET", "/files");
        }
    }

    [Fact]
    public async Task A_session_has_the_owner_of_its_key_and_a_key_in_a_header_goes_before_it()
    {
        await using var host = await StartAsync();
        var owner = await host.CreateOwnerAsync("alice");
        var (id, key) = await host.CreateKeyAsync(with: one => one with { Owner = owner });
        (await host.SignInAsync(key)).Dispose();

        Assert.Equal($"ApiKey {id} alice", await host.Browser.GetStringAsync("/files"));
        Assert.Equal("alice", (await ExpectAsync(host, 200, null, "GET", "/console/session")).GetProperty("owner").GetString());
        using var keyed = await host.SendAsync("PUT", "/files", null, (TestApiKey.Header, TestApiKey.Text));
        Assert.Equal("ApiKey root ", await keyed.Content.ReadAsStringAsync());
        await ExpectAsync(host, 401, "api-key-invalid", "GET", "/files", (TestApiKey.Header, TestApiKey.Text[..^1] + "x"));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("%00%ff'; DROP TABLE console_sessions; --")]
    public async Task A_made_up_cookie_opens_nothing_and_hides_nothing_that_is_public(string secret)
    {
        await using var host = await StartAsync();
        var cookie = ("Cookie", $"mediaaspire-console-{host.Browser.BaseAddress!.Port}={secret}");

        await ExpectAsync(host, 401, "session-ended", "GET", "/files", cookie);
        await ExpectAsync(host, 401, "not-signed-in", "GET", "/console/session", cookie);
        using var publicItem = await host.SendAsync("GET", "/media/1", null, cookie);
        Assert.Equal("Anonymous  ", await publicItem.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Guesses_of_sessions_and_keys_are_refused_with_429_after_a_while_and_a_session_in_use_is_not()
    {
        await using var host = await StartAsync(("Security:KeysCachedFor", "00:01:00"));
        var (_, key) = await host.CreateKeyAsync();
        (await host.SignInAsync(key)).Dispose();
        await ExpectAsync(host, 200, null, "GET", "/files");
        var port = host.Browser.BaseAddress!.Port;
        using var stranger = new HttpClient(new HttpClientHandler { UseCookies = false }) { BaseAddress = host.Browser.BaseAddress };

        var statuses = new List<HttpStatusCode>();
        for (var guess = 0; guess < 130; guess++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/files");
            request.Headers.Add("Cookie", $"mediaaspire-console-{port}={guess.ToString("D43", CultureInfo.InvariantCulture)}");
            using var response = await stranger.SendAsync(request);
            statuses.Add(response.StatusCode);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, statuses[0]);
        Assert.Equal(HttpStatusCode.TooManyRequests, statuses[^1]);
        using (var guessed = await host.SignInAsync(ApiKeyFormat.Compose(ApiKeyFormat.NewId(), ApiKeyFormat.NewSecret())))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, guessed.StatusCode);
            Assert.NotNull(guessed.Headers.RetryAfter);
        }

        await ExpectAsync(host, 200, null, "GET", "/files");
    }

    [Fact]
    public async Task A_copy_of_the_database_opens_nothing()
    {
        await using var host = await StartAsync();
        var (_, key) = await host.CreateKeyAsync();
        (await host.SignInAsync(key)).Dispose();
        var secret = host.Cookie.Split('=')[1];

        await using var command = postgres.Database.CreateCommand("SELECT string_agg(s::text, '') FROM console_sessions s");
        var rows = (string)(await command.ExecuteScalarAsync())!;

        Assert.DoesNotContain(secret, rows, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToHexStringLower(Encoding.ASCII.GetBytes(secret)), rows, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sign_ins_and_their_refusals_are_in_the_audit_log_with_the_key()
    {
        await using var host = await StartAsync();
        var (id, key) = await host.CreateKeyAsync();
        (await host.SignInAsync(key)).Dispose();
        (await host.SignInAsync(key[..^1] + (key[^1] == 'x' ? 'y' : 'x'))).Dispose();
        await host.FlushAuditAsync();

        Assert.Equal(1, await CountAsync("actor_kind = 'api-key' AND outcome = 'done' AND status = 204", id));
        Assert.Equal(1, await CountAsync("actor_kind = 'unverified' AND outcome = 'refused' AND reason = 'api-key-invalid'", id));

        async Task<long> CountAsync(string condition, string actor)
        {
            await using var command = postgres.Database.CreateCommand(
                $"SELECT count(*) FROM audit_events WHERE action = 'SignIn' AND actor = $1 AND {condition}");
            command.Parameters.Add(new() { Value = actor });
            return (long)(await command.ExecuteScalarAsync())!;
        }
    }

    [Fact]
    public async Task A_key_has_a_bounded_number_of_sessions_and_another_sign_in_ends_the_browsers_own()
    {
        await using var host = await StartAsync();
        var (id, key) = await host.CreateKeyAsync();
        (await host.SignInAsync(key)).Dispose();
        await RunAsync(
            """
            INSERT INTO console_sessions (token_sha256, key_id, secret_sha256, created_at, expires_at)
            SELECT sha256(n::text::bytea), key_id, secret_sha256, now() - make_interval(secs => n), now() + interval '1 hour'
            FROM api_keys, generate_series(1, 150) AS n WHERE key_id = $1
            """,
            id);

        (await host.SignInAsync(key)).Dispose();

        await using var command = postgres.Database.CreateCommand("SELECT count(*) FROM console_sessions WHERE key_id = $1");
        command.Parameters.Add(new() { Value = id });
        Assert.Equal(100L, await command.ExecuteScalarAsync());
        await ExpectAsync(host, 200, null, "GET", "/files");
    }

    [Fact]
    public async Task An_open_server_needs_no_session()
    {
        await using var host = await StartAsync(("Security:Open", "true"));

        var session = await ExpectAsync(host, 200, null, "GET", "/console/session");
        Assert.Equal("Everyone", session.GetProperty("name").GetString());
        await ExpectAsync(host, 200, null, "GET", "/operators");
    }

    private Task<SessionHost> StartAsync(params (string Key, string Value)[] settings) => SessionHost.StartAsync(postgres.Database, settings);

    private async Task RunAsync(string sql, string id)
    {
        await using var command = postgres.Database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = id });
        Assert.InRange(await command.ExecuteNonQueryAsync(), 1, 1000);
    }

    private static async Task<JsonElement> ExpectAsync(
        SessionHost host, int status, string? code, string method, string path, params (string Name, string Value)[] headers)
    {
        using var response = await host.SendAsync(method, path, null, headers);
        return await ExpectAsync(response, status, code);
    }

    private static async Task<JsonElement> ExpectAsync(HttpResponseMessage response, int status, string? code)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode}: {text}");
        var document = text.StartsWith('{') ? JsonDocument.Parse(text).RootElement : default;
        if (code is not null)
        {
            Assert.Equal(code, document.GetProperty("code").GetString());
        }

        return document;
    }
}
