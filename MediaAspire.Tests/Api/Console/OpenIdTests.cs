using System.Net;
using System.Text.Json;
using MediaAspire.Tests.Harness;
using Microsoft.AspNetCore.WebUtilities;

namespace MediaAspire.Tests.Api.Console;

/// <summary>Signing in with an OpenID Connect server.</summary>
public sealed class OpenIdTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_person_signs_in_and_gets_what_the_first_matching_grant_says()
    {
        await using var pair = await StartAsync(("groups", "staff"), ("groups", "media-admins"), ("name", "Ada Lovelace"));

        Assert.Equal("/console", await pair.SignInAsync());

        var session = await pair.SessionAsync();
        Assert.Equal("Ada Lovelace", session.GetProperty("name").GetString());
        Assert.Equal(["admin"], session.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()));
        Assert.Equal(
            ("the company", "/console/openid"),
            (session.GetProperty("signIn").GetProperty("openIdConnect").GetProperty("name").GetString(),
                session.GetProperty("signIn").GetProperty("openIdConnect").GetProperty("address").GetString()));
        Assert.Equal($"Person {pair.Authority} person-7 ", await pair.GetAsync("/operators"));
        Assert.Equal("S256", pair.Server.Asked!.CodeChallengeMethod);
        Assert.NotNull(pair.Server.Asked.Nonce);

        // Signing out ends it.
        using var signedOut = await pair.Host.SendAsync("DELETE", "/console/session", null, SessionHost.OfConsole);
        Assert.Equal(HttpStatusCode.NoContent, signedOut.StatusCode);
        using var refused = await pair.Host.Browser.GetAsync("/operators");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task A_person_of_an_owner_sees_that_owner_only()
    {
        await using var pair = await StartAsync(("groups", "customers"), ("tenant", "tenant-12"));

        Assert.Equal("/console", await pair.SignInAsync());

        Assert.Equal($"Person {pair.Authority} person-7 tenant-12", await pair.GetAsync("/files"));
        Assert.Equal("tenant-12", (await pair.SessionAsync()).GetProperty("owner").GetString());
    }

    [Theory]
    [InlineData("groups", "strangers")]
    [InlineData("groups", "media-admins-of-another")]
    [InlineData("Groups", "media-admins")]
    [InlineData("groups", "customers")]
    public async Task A_person_without_a_grant_or_without_its_owner_gets_no_session(string claim, string value)
    {
        await using var pair = await StartAsync((claim, value));

        Assert.Equal("/console?problem=open-id-no-grant", await pair.SignInAsync());

        using var session = await pair.Host.Browser.GetAsync("/console/session");
        Assert.Equal(HttpStatusCode.Unauthorized, session.StatusCode);
        await pair.Host.FlushAuditAsync();
        await using var command = postgres.Database.CreateCommand(
            "SELECT count(*) FROM audit_events WHERE action = 'SignIn' AND outcome = 'refused' AND reason = 'open-id-no-grant'");
        Assert.InRange((long)(await command.ExecuteScalarAsync())!, 1, 100);
    }

    [Theory]
    [InlineData("state")]
    [InlineData("code")]
    [InlineData("cookies")]
    [InlineData("replay")]
    [InlineData("error")]
    public async Task A_reply_that_is_changed_stolen_or_repeated_starts_no_session(string attack)
    {
        await using var pair = await StartAsync(("groups", "media-admins"));
        var callback = await pair.AuthorizeAsync();
        var query = QueryHelpers.ParseQuery(callback.Query);
        var reply = attack switch
        {
            "state" => $"/console/openid/callback?code={query["code"]}&state={query["state"]}x",
            "code" => $"/console/openid/callback?code=x{query["code"]}&state={query["state"]}",
            "error" => $"/console/openid/callback?error=access_denied&state={query["state"]}",
            _ => callback.PathAndQuery,
        };
        if (attack == "replay")
        {
            Assert.Equal("/console", await pair.FollowAsync(reply));
            using var signedOut = await pair.Host.SendAsync("DELETE", "/console/session", null, SessionHost.OfConsole);
        }

        if (attack == "cookies")
        {
            // The victim of a login CSRF: the reply is another browser's.
            using var victim = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
            using var response = await victim.GetAsync(new Uri(pair.Host.Browser.BaseAddress!, reply));
            Assert.Equal("/console?problem=open-id-failed", response.Headers.Location!.ToString());
            Assert.DoesNotContain(
                response.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies : [],
                cookie => cookie.StartsWith("mediaaspire-console", StringComparison.Ordinal));
            return;
        }

        Assert.Equal("/console?problem=open-id-failed", await pair.FollowAsync(reply));
        using var session = await pair.Host.Browser.GetAsync("/console/session");
        Assert.Equal(HttpStatusCode.Unauthorized, session.StatusCode);
    }

    [Fact]
    public async Task A_server_that_does_not_respond_is_a_503_and_keys_still_work()
    {
        await using var host = await SessionHost.StartAsync(
            postgres.Database, Settings(new Uri($"http://127.0.0.1:{FreePorts.Next()}")));

        using var response = await host.Browser.GetAsync("/console/openid");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        using var signedIn = await host.SignInAsync(TestApiKey.Text);
        Assert.Equal(HttpStatusCode.NoContent, signedIn.StatusCode);
    }

    [Theory]
    [InlineData("Authority", "http://id.example.org", "https")]
    [InlineData("Authority", "id", "https")]
    [InlineData("ClientId", "", "ClientId")]
    [InlineData("Grants:0:Value", "", "Grants:0:Claim or Value")]
    [InlineData("Grants:0:Scopes:0", "everything", "Grants:0:Scopes is 'everything'")]
    [InlineData("Grants:0:Owner", "a b", "Owner is 'a b'")]
    [InlineData("Grants:0:Owner", "alice", "admin or metrics")]
    [InlineData("Grants:1:Owner", "alice", "both")]
    public async Task A_wrong_setting_ends_the_process_and_is_named(string key, string value, string message)
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => SessionHost.StartAsync(
            postgres.Database, [.. Settings(new Uri("https://id.example.org")), ($"Console:OpenIdConnect:{key}", value)]));

        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    private static (string, string)[] Settings(Uri authority) =>
    [
        ("Console:OpenIdConnect:Name", "the company"),
        ("Console:OpenIdConnect:Authority", authority.ToString()),
        ("Console:OpenIdConnect:ClientId", OpenIdServer.ClientId),
        ("Console:OpenIdConnect:ClientSecret", OpenIdServer.ClientSecret),
        ("Console:OpenIdConnect:Grants:0:Claim", "groups"),
        ("Console:OpenIdConnect:Grants:0:Value", "media-admins"),
        ("Console:OpenIdConnect:Grants:0:Scopes:0", "admin"),
        ("Console:OpenIdConnect:Grants:1:Claim", "groups"),
        ("Console:OpenIdConnect:Grants:1:Value", "customers"),
        ("Console:OpenIdConnect:Grants:1:Scopes:0", "read"),
        ("Console:OpenIdConnect:Grants:1:OwnerClaim", "tenant"),
    ];

    private async Task<Pair> StartAsync(params (string Name, string Value)[] claims)
    {
        var port = FreePorts.Next();
        var server = await OpenIdServer.StartAsync($"http://127.0.0.1:{port}/console/openid/callback");
        server.Claims.AddRange(claims);
        return new(server, await SessionHost.StartAsync(postgres.Database, [.. Settings(server.Address), ("port", $"{port}")]));
    }

    /// <summary>The server of people and the API.</summary>
    private sealed record Pair(OpenIdServer Server, SessionHost Host) : IAsyncDisposable
    {
        public string Authority => Server.Address.ToString();

        /// <summary>Signs in, and returns the address at which the browser ends.</summary>
        public async Task<string> SignInAsync() => await FollowAsync((await AuthorizeAsync()).PathAndQuery);

        /// <summary>Goes to the server of people, and returns the address of its reply.</summary>
        public async Task<Uri> AuthorizeAsync()
        {
            using var begun = await Host.Browser.GetAsync("/console/openid");
            Assert.Equal(HttpStatusCode.Redirect, begun.StatusCode);
            using var authorized = await Host.Browser.GetAsync(begun.Headers.Location);
            Assert.True(authorized.StatusCode == HttpStatusCode.Redirect, await authorized.Content.ReadAsStringAsync());
            return authorized.Headers.Location!;
        }

        public async Task<string> FollowAsync(string reply)
        {
            using var response = await Host.Browser.GetAsync(reply);
            Assert.True(response.StatusCode == HttpStatusCode.Redirect, await response.Content.ReadAsStringAsync());
            return response.Headers.Location!.ToString();
        }

        public async Task<string> GetAsync(string path) => await Host.Browser.GetStringAsync(path);

        public async Task<JsonElement> SessionAsync() => JsonDocument.Parse(await GetAsync("/console/session")).RootElement;

        public async ValueTask DisposeAsync()
        {
            await Host.DisposeAsync();
            await Server.DisposeAsync();
        }
    }
}
