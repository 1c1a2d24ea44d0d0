using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MediaAspire.Api.Admin;
using MediaAspire.Api.Problems;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Rebalancing;
using MediaAspire.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MediaAspire.Tests.Rebalancing;

public sealed class RebalanceEndpointsTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private WebApplication _app = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?> { ["Cluster:Token"] = TestNode.Token, ["Rebalancing:MaxBytesPerSecond"] = "1000" });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(postgres.Database);
        builder.AddProblems();
        builder.AddCluster();
        builder.AddRebalances();
        _app = builder.Build();
        _app.UseProblems();
        _app.MapGroup("/admin").MapRebalance();
        await _app.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task A_plan_tells_what_would_move_and_is_started_paused_resumed_and_cancelled()
    {
        await using var cluster = await LivingCluster.StartAsync(postgres, nodes: 3);
        await cluster.UploadManyAsync(5, 6000);
        var joined = await cluster.AddNodeAsync();

        var plan = await SendAsync(HttpMethod.Post, "/admin/rebalance/plan", HttpStatusCode.Created);
        var moves = plan.GetProperty("rebalance").GetProperty("moves").GetInt64();
        Assert.True(moves > 0);
        Assert.Equal("planned", plan.GetProperty("rebalance").GetProperty("state").GetString());
        Assert.Equal(moves, plan.GetProperty("rebalance").GetProperty("estimatedSeconds").GetDouble());
        var share = plan.GetProperty("servers").EnumerateArray().Single(server => server.GetProperty("server").GetGuid() == joined.Value);
        Assert.Equal((0, moves), (share.GetProperty("copiesBefore").GetInt64(), share.GetProperty("copiesAfter").GetInt64()));
        Assert.DoesNotContain(await cluster.CopiesAsync(), copy => copy.Server == joined);

        var path = $"/admin/rebalance/{plan.GetProperty("rebalance").GetProperty("id").GetGuid()}";
        var second = await SendAsync(HttpMethod.Post, "/admin/rebalance/plan", HttpStatusCode.Created);
        await SendAsync(HttpMethod.Post, path + "/pause", HttpStatusCode.Conflict, "rebalance-wrong-state");
        Assert.Equal("running", (await SendAsync(HttpMethod.Post, path + "/start", HttpStatusCode.OK)).GetProperty("state").GetString());
        await SendAsync(
            HttpMethod.Post, $"/admin/rebalance/{second.GetProperty("rebalance").GetProperty("id").GetGuid()}/start",
            HttpStatusCode.Conflict, "rebalance-active");
        Assert.Equal("paused", (await SendAsync(HttpMethod.Post, path + "/pause", HttpStatusCode.OK)).GetProperty("state").GetString());
        Assert.Equal("running", (await SendAsync(HttpMethod.Post, path + "/resume", HttpStatusCode.OK)).GetProperty("state").GetString());
        var list = await SendAsync(HttpMethod.Get, "/admin/rebalance", HttpStatusCode.OK);
        Assert.Equal("running", list.GetProperty("current").GetProperty("state").GetString());
        Assert.Equal(2, list.GetProperty("history").GetArrayLength());
        Assert.Equal("cancelled", (await SendAsync(HttpMethod.Post, path + "/cancel", HttpStatusCode.OK)).GetProperty("state").GetString());
        var cancelled = await SendAsync(HttpMethod.Get, path, HttpStatusCode.OK);
        Assert.Equal(moves, cancelled.GetProperty("rebalance").GetProperty("movesSkipped").GetInt64());
        var all = await SendAsync(HttpMethod.Get, "/admin/rebalance", HttpStatusCode.OK);
        Assert.Equal(JsonValueKind.Null, all.GetProperty("current").ValueKind);
    }

    [Fact]
    public async Task The_dry_run_of_a_drain_empties_the_server_and_starts_only_when_it_drains()
    {
        await using var cluster = await LivingCluster.StartAsync(postgres, nodes: 3);
        await cluster.UploadManyAsync(5, 6000);
        var server = cluster.Servers[0];

        var plan = await SendAsync(HttpMethod.Post, $"/admin/rebalance/plan?drain={server}", HttpStatusCode.Created);
        var share = plan.GetProperty("servers").EnumerateArray().Single(share => share.GetProperty("server").GetGuid() == server.Value);
        Assert.True(share.GetProperty("copiesBefore").GetInt64() > 0);
        Assert.Equal(0, share.GetProperty("copiesAfter").GetInt64());

        var start = $"/admin/rebalance/{plan.GetProperty("rebalance").GetProperty("id").GetGuid()}/start";
        await SendAsync(HttpMethod.Post, start, HttpStatusCode.Conflict, "server-not-draining");
        await cluster.DrainAsync(server);
        await SendAsync(HttpMethod.Post, start, HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("GET", "/admin/rebalance/x", HttpStatusCode.BadRequest, "rebalance-id-invalid")]
    [InlineData("POST", "/admin/rebalance/x/start", HttpStatusCode.BadRequest, "rebalance-id-invalid")]
    [InlineData("GET", "/admin/rebalance/01936f3e-9c5a-7cc1-8f1e-3a1d8b0c4e55", HttpStatusCode.NotFound, "rebalance-not-found")]
    [InlineData("POST", "/admin/rebalance/01936f3e-9c5a-7cc1-8f1e-3a1d8b0c4e55/cancel", HttpStatusCode.NotFound, "rebalance-not-found")]
    [InlineData("POST", "/admin/rebalance/plan?drain=x", HttpStatusCode.BadRequest, "server-id-invalid")]
    [InlineData("POST", "/admin/rebalance/plan?drain=01936f3e-9c5a-7cc1-8f1e-3a1d8b0c4e55", HttpStatusCode.NotFound, "server-not-found")]
    public async Task Bad_input_is_reported_by_code(string method, string path, HttpStatusCode status, string code) =>
        await SendAsync(new HttpMethod(method), path, status, code);

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, HttpStatusCode status, string? code = null)
    {
        using var client = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        using var response = await client.SendAsync(request);
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(status == response.StatusCode, $"{method} {path}: {response.StatusCode} {body}");
        if (code is not null)
        {
            Assert.Equal(code, body.GetProperty("code").GetString());
        }

        return body;
    }
}
