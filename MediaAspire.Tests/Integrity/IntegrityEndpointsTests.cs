using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MediaAspire.Api.Admin;
using MediaAspire.Api.Problems;
using MediaAspire.Core.Integrity;
using MediaAspire.Tests.Harness;
using MediaAspire.Worker.Integrity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MediaAspire.Tests.Integrity;

public sealed class IntegrityEndpointsTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private WebApplication _app = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(postgres.Database);
        builder.AddProblems();
        builder.AddIntegrityReport();
        _app = builder.Build();
        _app.UseProblems();
        _app.MapGroup("/admin").MapIntegrity();
        await _app.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task The_report_is_clean_only_after_a_complete_walk_that_found_nothing()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 2);
        var file = await cluster.StoreAsync();
        Assert.False((await GetAsync("/admin/integrity")).GetProperty("clean").GetBoolean());

        await cluster.RunAsync<IntegrityDuty>();
        var clean = await GetAsync("/admin/integrity");
        Assert.True(clean.GetProperty("clean").GetBoolean());
        Assert.Equal(1, clean.GetProperty("walk").GetProperty("lastSeen").GetInt64());
        Assert.Equal(2, clean.GetProperty("disks").GetArrayLength());

        await postgres.ExecuteAsync("UPDATE chunk_replicas SET status = 'corrupt' WHERE server_id = $1", cluster.Servers[1].Value);
        await cluster.RunAsync<IntegrityDuty>();
        var hurt = await GetAsync("/admin/integrity");
        Assert.False(hurt.GetProperty("clean").GetBoolean());
        Assert.Equal(1, hurt.GetProperty("counts").GetProperty("underReplicated").GetInt64());
        var corrupt = hurt.GetProperty("findings").GetProperty("corrupt")[0];
        Assert.Equal(file.Chunks[0].Id.Value, corrupt.GetProperty("chunkId").GetGuid());
        Assert.Equal(file.Id.Value, corrupt.GetProperty("fileId").GetGuid());
        Assert.Equal("node-1", corrupt.GetProperty("server").GetString());
    }

    [Fact]
    public async Task Findings_come_page_by_page()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 2);
        for (var i = 0; i < 3; i++)
        {
            await cluster.StoreAsync(seed: i);
        }

        await postgres.ExecuteAsync("UPDATE chunk_replicas SET status = 'missing'");
        await cluster.RunAsync<IntegrityDuty>();
        foreach (var (kind, count) in new[] { ("missing", 6), ("lost", 3) })
        {
            var seen = new List<string>();
            for (string? after = ""; after is not null;)
            {
                var page = await GetAsync($"/admin/integrity/{kind}?limit=2{after}");
                seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetRawText()));
                after = page.GetProperty("next").GetString() is { } next ? $"&after={next}" : null;
            }

            Assert.Equal(count, seen.Distinct().Count());
            Assert.Equal(count, seen.Count);
        }
    }

    [Theory]
    [InlineData("/admin/integrity/nonsense", HttpStatusCode.NotFound, "integrity-kind-unknown")]
    [InlineData("/admin/integrity/lost?limit=0", HttpStatusCode.BadRequest, "limit-invalid")]
    [InlineData("/admin/integrity/lost?limit=1001", HttpStatusCode.BadRequest, "limit-invalid")]
    [InlineData("/admin/integrity/lost?limit=x", HttpStatusCode.BadRequest, "limit-invalid")]
    [InlineData("/admin/integrity/lost?after=x", HttpStatusCode.BadRequest, "after-invalid")]
    [InlineData("/admin/integrity/lost?after=01936f3e-9c5a-7cc1-8f1e-3a1d8b0c4e55.x", HttpStatusCode.BadRequest, "after-invalid")]
    public async Task Bad_input_is_reported_by_code(string path, HttpStatusCode status, string code)
    {
        using var response = await SendAsync(HttpMethod.Get, path);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(code, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_check_starts_a_walk_from_the_beginning()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 2);
        await cluster.RunAsync<IntegrityDuty>();

        using var response = await SendAsync(HttpMethod.Post, "/admin/integrity/check");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var requestedAt = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("requestedAt").GetDateTimeOffset();
        Assert.True(
            (await GetAsync("/admin/integrity")).GetProperty("walk").GetProperty("lastStartedAt").GetDateTimeOffset() < requestedAt);
        await cluster.RunAsync<IntegrityDuty>();
        Assert.True(
            (await GetAsync("/admin/integrity")).GetProperty("walk").GetProperty("lastStartedAt").GetDateTimeOffset() >= requestedAt);
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        using var response = await SendAsync(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path)
    {
        using var client = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        return await client.SendAsync(request);
    }
}
