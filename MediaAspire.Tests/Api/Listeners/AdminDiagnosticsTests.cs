using System.Net;
using MediaAspire.Api.Listeners;
using MediaAspire.Api.Problems;
using MediaAspire.Api.Security;
using MediaAspire.Core.ApiKeys;
using MediaAspire.ServiceDefaults;
using MediaAspire.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MediaAspire.Tests.Api.Listeners;

/// <summary>Tests who reads the metrics and the details of health.</summary>
[Collection(TelemetryGroup.Name)]
public sealed class AdminDiagnosticsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Theory]
    [InlineData("admin", true)]
    [InlineData("metrics", true)]
    [InlineData("files:read", false)]
    [InlineData(null, false)]
    public async Task Details_are_for_the_admin_listener_and_keys_of_operators(string? scope, bool isDetailed)
    {
        await using var app = await StartAsync(postgres.Database);
        var key = scope is null ? null : await CreateKeyAsync(app, scope);

        Assert.Equal(isDetailed, await HasDetailsAsync(app, admin: true, key));
        Assert.False(await HasDetailsAsync(app, admin: false, key));
    }

    [Theory]
    [InlineData("ma_root_WrongWrongWrongWrongWrongWrongWrongWrongWrongWr")]
    [InlineData("ma_nobody_WrongWrongWrongWrongWrongWrongWrongWrongWrongWr")]
    [InlineData("nonsense")]
    [InlineData("")]
    public async Task A_wrong_key_reads_the_word_only(string key)
    {
        await using var app = await StartAsync(postgres.Database);

        Assert.False(await HasDetailsAsync(app, admin: true, key));
    }

    [Fact]
    public async Task Without_the_database_the_configured_key_still_reads_why()
    {
        await using var unreachable = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Timeout=1");
        await using var app = await StartAsync(unreachable);

        Assert.True(await HasDetailsAsync(app, admin: true, TestApiKey.Text));
        Assert.False(await HasDetailsAsync(app, admin: true, TestApiKey.Text[..^1] + "x"));
        Assert.False(await HasDetailsAsync(app, admin: false, TestApiKey.Text));
    }

    [Fact]
    public async Task Metrics_need_a_key_for_them_at_the_admin_listener()
    {
        await using var app = await StartAsync(postgres.Database);

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(app, admin: true, await CreateKeyAsync(app, "metrics")));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(app, admin: true, await CreateKeyAsync(app, "files:read")));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(app, admin: true, key: null));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(app, admin: false, TestApiKey.Text));
    }

    private static async Task<WebApplication> StartAsync(NpgsqlDataSource database)
    {
        var admin = FreePorts.Next();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{admin}", $"http://127.0.0.1:{FreePorts.Next()}");
        builder.Configuration["Admin:Port"] = $"{admin}";
        builder.Services.AddSingleton(database);
        builder.AddServiceDefaults();
        builder.AddListeners();
        builder.AddProblems();
        builder.AddTestSecurity();
        builder.Services.AddHealthChecks().AddCheck("disk", () => HealthCheckResult.Unhealthy("the disk of db.internal is full"));
        var app = builder.Build();
        app.UseProblems();
        app.UseListeners();
        app.UseRouting();
        app.UseSecurity();
        app.MapDefaultEndpoints(Policies.Metrics);
        await app.StartAsync();
        return app;
    }

    private static async Task<string> CreateKeyAsync(WebApplication app, string scope)
    {
        var (id, secret) = (ApiKeyFormat.NewId(), ApiKeyFormat.NewSecret());
        await app.Services.GetRequiredService<ApiKeyStore>().PutAsync(
            new NewApiKey(id, ApiKeyFormat.Hash(secret), "test", [scope]), CancellationToken.None);
        return ApiKeyFormat.Compose(id, secret);
    }

    private static async Task<bool> HasDetailsAsync(WebApplication app, bool admin, string? key)
    {
        using var response = await SendAsync(app, admin, key, "/health");
        var body = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        if (body != "Unhealthy")
        {
            Assert.Contains("the disk of db.internal is full", body, StringComparison.Ordinal);
            return true;
        }

        return false;
    }

    private static async Task<HttpStatusCode> StatusAsync(WebApplication app, bool admin, string? key)
    {
        using var response = await SendAsync(app, admin, key, "/metrics");
        return response.StatusCode;
    }

    private static async Task<HttpResponseMessage> SendAsync(WebApplication app, bool admin, string? key, string path)
    {
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.ElementAt(admin ? 0 : 1)) };
        if (key is not null)
        {
            client.DefaultRequestHeaders.TryAddWithoutValidation(TestApiKey.Header, key);
        }

        return await client.GetAsync(path);
    }
}
