using System.Net;
using System.Text;
using System.Text.Json;
using MediaAspire.Api.Admin;
using MediaAspire.Core.Media.Redis;
using MediaAspire.Tests.Harness;
using MediaAspire.Tests.Media;
using MediaAspire.Tests.Media.Redis;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Api.Admin;

public sealed class MetadataEndpointsTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private TestRedis _redis = null!;
    private MetadataReplica _replica = null!;
    private WebApplication _app = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        await postgres.ClearAsync("media", "media_objects", "metadata_runs");
        await postgres.ExecuteAsync("UPDATE metadata_generation SET mode = 'bypass'");
        _redis = await TestRedis.StartAsync();
        _replica = await MetadataReplica.StartAsync(postgres, _redis);
        await _replica.OpenAsync();
        _app = await StartAsync(_replica.Options);
        _client = _app.CreateKeyedClient();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
        await _replica.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task The_state_and_its_reason_are_shown()
    {
        var hot = await SendAsync(HttpMethod.Get, "/admin/metadata", 200);
        Assert.Equal("hot", hot.GetProperty("mode").GetString());
        Assert.Equal("redis+postgres", hot.GetProperty("stores").GetString());
        Assert.Equal(JsonValueKind.Null, hot.GetProperty("reason").ValueKind);
        Assert.True(hot.GetProperty("generations")[0].GetProperty("isCurrent").GetBoolean());

        await _replica.Lease.CloseAsync(_replica.Lease.Last!, "Redis did not respond.", default);
        await _redis.KillAsync();

        var closed = await SendAsync(HttpMethod.Get, "/admin/metadata", 200);
        Assert.Equal("bypass", closed.GetProperty("mode").GetString());
        Assert.Equal("Redis did not respond.", closed.GetProperty("reason").GetString());
        Assert.Equal(JsonValueKind.Null, closed.GetProperty("generations").ValueKind);
    }

    [Fact]
    public async Task A_comparison_is_requested_once_and_shown_with_its_counts()
    {
        await SendAsync(HttpMethod.Get, "/admin/metadata/parity", 404, "metadata-not-compared");

        var accepted = await SendAsync(HttpMethod.Post, "/admin/metadata/parity", 202);
        await SendAsync(HttpMethod.Post, "/admin/metadata/parity", 409, "metadata-run-open");
        var item = await _replica.Store.CreateAsync(NewMedia.Of("a", "one"));
        var run = (await _replica.Runs.TakeAsync(default))!;
        var tally = new MetadataTally();
        await _replica.Comparison.RunAsync(repairs: false, tally, () => Task.CompletedTask, default);
        tally.Add(MetadataFindings.Older, item.Id, 2, 1);
        await _replica.Runs.EndAsync(run.Id, tally, error: null, default);

        foreach (var address in new[] { "/admin/metadata/parity", $"/admin/metadata/runs/{accepted.GetProperty("id").GetString()}" })
        {
            var shown = await SendAsync(HttpMethod.Get, address, 200);
            Assert.Equal("done", shown.GetProperty("state").GetString());
            Assert.Equal(1, shown.GetProperty("differences").GetInt64());
            Assert.Equal(1, shown.GetProperty("counts").GetProperty("missing").GetInt64());
            Assert.Equal(2, shown.GetProperty("examples").GetArrayLength());
        }
    }

    [Fact]
    public async Task An_import_needs_the_id_of_its_dry_run()
    {
        var source = _replica.Lease.Last!.Nonce;
        await SendAsync(HttpMethod.Post, "/admin/metadata/rebuild", 404, "metadata-generation-not-found", """{"to": "postgres"}""");
        var plan = $$"""{"to": "postgres", "generation": "{{source}}"}""";
        await SendAsync(HttpMethod.Post, "/admin/metadata/rebuild", 404, "metadata-generation-not-found", plan);
        await _replica.Lease.CloseAsync(_replica.Lease.Last!, "Closed by a test.", default);
        await _replica.OpenAsync();

        var dry = await SendAsync(HttpMethod.Post, "/admin/metadata/rebuild", 202, body: plan);

        Assert.True(dry.GetProperty("dryRun").GetBoolean());
        var confirm = $$"""{"to": "postgres", "confirm": "{{dry.GetProperty("id").GetString()}}"}""";
        await SendAsync(HttpMethod.Post, "/admin/metadata/rebuild", 409, "metadata-not-confirmed", confirm);
        await _replica.Runs.EndAsync((await _replica.Runs.TakeAsync(default))!.Id, new MetadataTally(), error: null, default);

        var import = await SendAsync(HttpMethod.Post, "/admin/metadata/rebuild", 202, body: confirm);
        Assert.False(import.GetProperty("dryRun").GetBoolean());
        Assert.Equal(source, import.GetProperty("generation").GetString());
        await _replica.Runs.EndAsync((await _replica.Runs.TakeAsync(default))!.Id, new MetadataTally(), error: null, default);

        await postgres.ExecuteAsync("UPDATE metadata_runs SET ended_at = now() - interval '61 minutes' WHERE is_dry_run");
        await SendAsync(HttpMethod.Post, "/admin/metadata/rebuild", 409, "metadata-not-confirmed", confirm);
        const string unknown = """{"to": "postgres", "confirm": "00000000-0000-4000-8000-000000000000"}""";
        await SendAsync(HttpMethod.Post, "/admin/metadata/rebuild", 409, "metadata-not-confirmed", unknown);
    }

    [Fact]
    public async Task The_generation_from_before_a_restore_is_chosen()
    {
        var source = _replica.Lease.Last!.Nonce;
        await _redis.ExecuteAsync("HSET", GenerationScript.Generations, source, "2026-11-30T09:00:00.0000000+00:00 another run");
        await postgres.ExecuteAsync("UPDATE metadata_generation SET server_run = 'another run'");
        await _replica.OpenAsync();

        var dry = await SendAsync(HttpMethod.Post, "/admin/metadata/rebuild", 202, body: """{"to": "postgres"}""");

        Assert.Equal(source, dry.GetProperty("generation").GetString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"to": "mysql"}""")]
    [InlineData("""{"to": "redis", "generation": "x"}""")]
    [InlineData("""{"to": "redis", "confirm": "00000000-0000-4000-8000-000000000000"}""")]
    public async Task A_rebuild_that_makes_no_sense_is_refused(string body) =>
        await SendAsync(HttpMethod.Post, "/admin/metadata/rebuild", 400, body: body);

    [Fact]
    public async Task Runs_that_do_not_exist_are_not_found()
    {
        await SendAsync(HttpMethod.Get, "/admin/metadata/runs/x", 400, "metadata-run-invalid");
        await SendAsync(HttpMethod.Get, $"/admin/metadata/runs/{Guid.Empty}", 404, "metadata-run-not-found");
    }

    [Fact]
    public async Task Without_Redis_the_routes_say_so()
    {
        await using var app = await StartAsync(Options.Create(new MetadataOptions()));
        using var client = app.CreateKeyedClient();

        var shown = await SendAsync(HttpMethod.Get, "/admin/metadata", 200, client: client);
        Assert.Equal("postgres", shown.GetProperty("stores").GetString());
        Assert.Equal("bypass", shown.GetProperty("mode").GetString());
        await SendAsync(HttpMethod.Post, "/admin/metadata/parity", 409, "metadata-without-redis", client: client);
        await SendAsync(HttpMethod.Post, "/admin/metadata/rebuild", 409, "metadata-without-redis", """{"to": "redis"}""", client);
    }

    private Task<WebApplication> StartAsync(IOptions<MetadataOptions> options) => AdminHost.StartAsync(
        postgres,
        builder =>
        {
            builder.Services.AddSingleton(options);
            builder.Services.AddSingleton(_replica.Table);
            builder.Services.AddSingleton(_replica.Runs);
            builder.Services.AddSingleton(_replica.History);
            builder.Services.AddSingleton(TimeProvider.System);
        },
        admin => admin.MapMetadata());

    private async Task<JsonElement> SendAsync(
        HttpMethod method, string address, int status, string? code = null, string? body = null, HttpClient? client = null)
    {
        using var request = new HttpRequestMessage(method, address);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        using var response = await (client ?? _client).SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == (HttpStatusCode)status, $"{response.StatusCode}: {text}");
        using var document = JsonDocument.Parse(text);
        if (code is not null)
        {
            Assert.Equal(code, document.RootElement.GetProperty("code").GetString());
        }

        return document.RootElement.Clone();
    }
}
