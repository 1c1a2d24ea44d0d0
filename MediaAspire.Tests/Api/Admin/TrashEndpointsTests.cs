using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MediaAspire.Api.Admin;
using MediaAspire.Api.Problems;
using MediaAspire.Core.Chunks.Transfers;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;
using MediaAspire.Storage.Chunks;
using MediaAspire.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MediaAspire.Tests.Api.Admin;

public sealed class TrashEndpointsTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>, IDisposable
{
    private const string Trash = "/admin/nodes/node-0/trash";

    private static readonly HeartbeatMark s_mark = new(1, 1000);

    private WebApplication _app = null!;
    private DutyCluster _cluster = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _cluster = await DutyCluster.StartAsync(postgres, nodes: 1, ("Chunks:Copies", "1"));
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration["Cluster:Token"] = TestNode.Token;
        builder.Services.AddSingleton(postgres.Database);
        builder.AddProblems();
        builder.AddCluster();
        builder.AddChunkNodeClients();
        builder.AddAdmin();
        _app = builder.Build();
        _app.UseProblems();
        var admin = _app.MapGroup("/admin");
        admin.MapCluster();
        admin.MapTrash();
        await _app.StartAsync();
        _client = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
    }

    public async Task DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _cluster.DisposeAsync();
        await postgres.ExecuteAsync("UPDATE cluster SET epoch = 1");
    }

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task The_trash_is_listed_page_by_page_and_restored_by_ids_and_since_a_time()
    {
        var bytes = TestBytes.Make(1, 1000);
        var chunks = new List<ChunkId>();
        for (var i = 0; i < 5; i++)
        {
            chunks.Add(await _cluster.Nodes[0].PutAsync(bytes));
            _cluster.Nodes[0].Store.MoveToTrash(chunks[i], i % 2 == 0 ? TrashReason.Removed : TrashReason.Unknown, s_mark);
        }

        var first = await GetAsync($"{Trash}?limit=3");
        Assert.Equal(chunks.Take(3).Select(chunk => chunk.Value), IdsOf(first));
        Assert.Equal(["removed", "unknown", "removed"], first.GetProperty("chunks").EnumerateArray().Select(ReasonOf));
        var next = first.GetProperty("next").GetString();
        var second = await GetAsync($"{Trash}?limit=3&after={next}");
        Assert.Equal(chunks.Skip(3).Select(chunk => chunk.Value), IdsOf(second));
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next").ValueKind);

        var byIds = await PostAsync($"{Trash}/restore", new { chunks = new[] { chunks[1].Value, Guid.CreateVersion7() } });
        Assert.Equal((1, 0), (NumberOf(byIds, "restored"), NumberOf(byIds, "alreadyThere")));
        Assert.Equal(bytes, await _cluster.Nodes[0].GetAsync(chunks[1], 0, bytes.Length));
        var future = await PostAsync($"{Trash}/restore", new { since = TimeProvider.System.GetUtcNow().AddHours(1) });
        Assert.Equal(0, NumberOf(future, "restored"));
        var rest = await PostAsync($"{Trash}/restore", new { since = TimeProvider.System.GetUtcNow().AddMinutes(-5) });
        Assert.Equal(4, NumberOf(rest, "restored"));
        Assert.Empty(IdsOf(await GetAsync(Trash)));
        Assert.Equal(5, _cluster.Nodes[0].Files.Length);
    }

    [Fact]
    public async Task The_trash_of_a_node_that_is_not_registered_is_not_emptied()
    {
        var chunk = await _cluster.Nodes[0].PutAsync(TestBytes.Make(1, 1000));
        _cluster.Nodes[0].Store.MoveToTrash(chunk, TrashReason.Removed, s_mark);

        // The node of this test does not know the database.
        await AssertProblemAsync(HttpStatusCode.ServiceUnavailable, "node-unavailable", () => _client.PostAsync($"{Trash}/empty", null));

        _cluster.Nodes[0].Confirm(s_mark);
        Assert.Equal(0, NumberOf(await PostAsync($"{Trash}/empty?olderThanSeconds=3600", null), "chunks"));
        Assert.Equal(1, NumberOf(await PostAsync($"{Trash}/empty", null), "chunks"));
        Assert.Equal(0, _cluster.Nodes[0].Store.UsedBytes);
    }

    [Fact]
    public async Task An_open_restore_is_shown_withholds_and_is_accepted_once()
    {
        var running = await GetAsync("/admin/cluster");
        Assert.Equal((PostgresFixture.Cluster.Value, 1, "running"), StateOf(running));
        await AssertProblemAsync(HttpStatusCode.Conflict, "no-restore-open", Accept);

        // The node has seen a heartbeat that the database does not know.
        await _cluster.Get<NodeRegistry>().HeartbeatAsync(
            new NodeReport(
                _cluster.Servers[0], PostgresFixture.Cluster, "node-0", _cluster.Nodes[0].Address, 1L << 40, 0, 0, Seen: new(1, 5021)),
            default);

        var withheld = await GetAsync("/admin/cluster");
        Assert.Equal((PostgresFixture.Cluster.Value, 1, "withheld"), StateOf(withheld));
        var restore = Assert.Single(withheld.GetProperty("openRestores").EnumerateArray());
        Assert.Equal(
            ("node-0", 5021, 1),
            (restore.GetProperty("node").GetString(), NumberOf(restore.GetProperty("seen"), "count"),
                NumberOf(restore.GetProperty("database"), "count")));
        await AssertProblemAsync(HttpStatusCode.Conflict, "restore-open", () => _client.PostAsync($"{Trash}/empty", null));
        await AssertProblemAsync(
            HttpStatusCode.Conflict, "restore-open", () => _client.PostAsync("/admin/nodes/node-0/collect-unknown", null));
        await AssertProblemAsync(
            HttpStatusCode.Conflict, "epoch-changed", () => _client.PostAsync("/admin/cluster/accept-restore?epoch=3", null));

        var accepted = await PostAsync("/admin/cluster/accept-restore?epoch=1", null);
        Assert.Equal((PostgresFixture.Cluster.Value, 2, "running"), StateOf(accepted));
        await AssertProblemAsync(HttpStatusCode.Conflict, "no-restore-open", Accept);

        Task<HttpResponseMessage> Accept() => _client.PostAsync("/admin/cluster/accept-restore", null);
    }

    [Fact]
    public async Task Unknown_chunks_are_collected_by_permit_only_when_some_are_on_record()
    {
        await AssertProblemAsync(
            HttpStatusCode.Conflict, "nothing-unknown", () => _client.PostAsync("/admin/nodes/node-0/collect-unknown", null));
        await postgres.ExecuteAsync(
            "INSERT INTO untracked_chunks (server_id, chunk_id, bytes) VALUES ($1, $2, 1)",
            _cluster.Servers[0].Value,
            Guid.CreateVersion7());

        using var response = await _client.PostAsync("/admin/nodes/node-0/collect-unknown", null);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(1, NumberOf(await response.Content.ReadFromJsonAsync<JsonElement>(), "chunks"));
        Assert.Equal(1, await postgres.ScalarAsync<long>("SELECT chunks FROM collection_permits"));
    }

    [Theory]
    [InlineData("GET", $"{Trash}?limit=0", null, "limit-out-of-range")]
    [InlineData("GET", $"{Trash}?limit=1001", null, "limit-out-of-range")]
    [InlineData("GET", $"{Trash}?after=..%2F..%2Fetc%2Fpasswd", null, "after-invalid")]
    [InlineData("POST", $"{Trash}/restore", "{}", "selection-invalid")]
    [InlineData("POST", $"{Trash}/restore", """{"chunks": []}""", "selection-invalid")]
    [InlineData("POST", $"{Trash}/restore", """{"chunks": ["../x"]}""", "request-malformed")]
    [InlineData("POST", $"{Trash}/restore", """{"since": "yesterday"}""", "request-malformed")]
    [InlineData("POST", $"{Trash}/restore", """{"since": "2026-01-01T00:00:00Z", "after": "../x"}""", "after-invalid")]
    [InlineData("POST", $"{Trash}/empty?olderThanSeconds=-1", null, "age-invalid")]
    [InlineData("POST", "/admin/cluster/accept-restore?epoch=x", null, "request-malformed")]
    public async Task Bad_input_is_refused_with_its_code(string method, string route, string? body, string code)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), route);
        request.Content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        await AssertProblemAsync(HttpStatusCode.BadRequest, code, () => _client.SendAsync(request));
    }

    [Theory]
    [InlineData("GET", $"{Trash}?limit=many", "limit")]
    [InlineData("POST", "/admin/cluster/accept-restore?epoch=x", "epoch")]
    public async Task A_parameter_of_another_type_is_named(string method, string route, string name)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), route);
        using var response = await _client.SendAsync(request);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Contains($"\"{name}\"", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_does_not_exist_or_answer_is_named()
    {
        await AssertProblemAsync(HttpStatusCode.NotFound, "node-not-found", () => _client.GetAsync("/admin/nodes/nowhere/trash"));
        await _cluster.Nodes[0].StopAsync();
        await AssertProblemAsync(HttpStatusCode.ServiceUnavailable, "node-unavailable", () => _client.GetAsync(Trash));
    }

    private async Task<JsonElement> GetAsync(string route) => await _client.GetFromJsonAsync<JsonElement>(route);

    private async Task<JsonElement> PostAsync(string route, object? body)
    {
        using var response = await _client.PostAsync(route, body is null ? null : JsonContent.Create(body));
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static async Task AssertProblemAsync(HttpStatusCode status, string code, Func<Task<HttpResponseMessage>> send)
    {
        using var response = await send();
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((status, code), (response.StatusCode, problem.GetProperty("code").GetString()));
    }

    private static IEnumerable<Guid> IdsOf(JsonElement page) =>
        page.GetProperty("chunks").EnumerateArray().Select(chunk => chunk.GetProperty("chunkId").GetGuid());

    private static string? ReasonOf(JsonElement chunk) => chunk.GetProperty("reason").GetString();

    private static long NumberOf(JsonElement element, string name) => element.GetProperty(name).GetInt64();

    private static (Guid Cluster, long Epoch, string? Sweeps) StateOf(JsonElement cluster) => (
        cluster.GetProperty("clusterId").GetGuid(), NumberOf(cluster, "epoch"), cluster.GetProperty("sweeps").GetString());
}
