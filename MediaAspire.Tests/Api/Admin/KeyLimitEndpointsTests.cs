using System.Net;
using System.Text;
using System.Text.Json;
using MediaAspire.Api.Admin;
using MediaAspire.Core.Limits;
using MediaAspire.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace MediaAspire.Tests.Api.Admin;

public sealed class KeyLimitEndpointsTests(PostgresFixture postgres)
    : IAsyncLifetime, IDisposable, IClassFixture<PostgresFixture>
{
    private WebApplication _app = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        await postgres.ClearAsync("owners", "api_keys", "access_keys");
        await postgres.ExecuteAsync(
            """
            INSERT INTO owners (owner_id, display_name) VALUES ('alice', 'Alice');
            INSERT INTO api_keys (key_id, name, scopes, secret_sha256) VALUES ('backup1', 'a', '{read}', sha256('a'));
            INSERT INTO access_keys (access_key_id, owner_id, sealed_secret, secrets_key_id)
            VALUES ('BACKUP1EXAMPLEKEY123', 'alice', sha256('a'), 'k');
            """);
        _app = await AdminHost.StartAsync(
            postgres,
            builder =>
            {
                builder.Services.AddSingleton<ITokenSource>(new TestTokens());
                builder.AddRateLimits();
            },
            admin => admin.MapKeyLimits());
        _client = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
    }

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
    }

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData("/admin/api-keys/backup1/limits", false, "backup1")]
    [InlineData("/admin/access-keys/BACKUP1EXAMPLEKEY123/limits", true, "BACKUP1EXAMPLEKEY123")]
    public async Task The_limits_of_a_key_are_set_applied_shown_and_removed(string path, bool isAccessKey, string id)
    {
        var key = new LimitedKey(isAccessKey, id);
        var snapshot = _app.Services.GetRequiredService<KeyLimitSnapshot>();
        Assert.Equal("""{"requestsPerSecond":null,"burst":null,"maxConcurrent":null}""", await ExpectAsync(HttpMethod.Get, path, 200));

        var set = await ExpectAsync(HttpMethod.Put, path, 200, """{"requestsPerSecond": 2.5, "burst": 10, "maxConcurrent": 4}""");

        Assert.Equal(set, await ExpectAsync(HttpMethod.Get, path, 200));
        Assert.Equal(new KeyLimits(2.5, 10, 4), snapshot.Find(key));

        await ExpectAsync(HttpMethod.Put, path, 200, """{"maxConcurrent": 3}""");
        Assert.Equal(new KeyLimits(null, null, 3), snapshot.Find(key));
        await ExpectAsync(HttpMethod.Put, path, 200, "{}");
        Assert.Null(snapshot.Find(key));
    }

    [Theory]
    [InlineData("""{"requestsPerSecond": 0}""", "limit-invalid")]
    [InlineData("""{"requestsPerSecond": -5}""", "limit-invalid")]
    [InlineData("""{"requestsPerSecond": 1e300}""", "limit-invalid")]
    [InlineData("""{"requestsPerSecond": 1, "burst": 0}""", "limit-invalid")]
    [InlineData("""{"burst": 5}""", "limit-invalid")]
    [InlineData("""{"maxConcurrent": 0}""", "limit-invalid")]
    [InlineData("""{"maxConcurrent": "many"}""", "bad-request")]
    [InlineData("[", "bad-request")]
    public async Task Bad_limits_change_nothing(string body, string code)
    {
        var response = await ExpectAsync(HttpMethod.Put, "/admin/api-keys/backup1/limits", 400, body);

        using var problem = JsonDocument.Parse(response);
        Assert.Equal(code, problem.RootElement.GetProperty("code").GetString());
        Assert.Empty(await _app.Services.GetRequiredService<KeyLimitStore>().ReadAllAsync(CancellationToken.None));
    }

    [Theory]
    [InlineData("/admin/api-keys/missing/limits")]
    [InlineData("/admin/access-keys/backup1/limits")]
    [InlineData("/admin/api-keys/%C3%A4%20'--/limits")]
    public async Task A_key_that_does_not_exist_is_not_found(string path)
    {
        Assert.Contains("\"key-not-found\"", await ExpectAsync(HttpMethod.Get, path, 404), StringComparison.Ordinal);
        Assert.Contains("\"key-not-found\"", await ExpectAsync(HttpMethod.Put, path, 404, "{}"), StringComparison.Ordinal);
    }

    private async Task<string> ExpectAsync(HttpMethod method, string path, int status, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == (HttpStatusCode)status, $"{(int)response.StatusCode}: {text}");
        return text;
    }
}
