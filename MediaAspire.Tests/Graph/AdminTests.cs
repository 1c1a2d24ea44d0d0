using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using MediaAspire.Api.Admin;
using MediaAspire.Api.Files;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Graph;

[Collection(GraphGroup.Name)]
public sealed class AdminTests(GraphFixture graph)
{
    private const string Node = "storage-6";

    // Six chunks, so that every node takes two.
    private const int Size = 6 * 64 * 1024;

    [Fact]
    public async Task Nodes_are_listed_with_their_state_space_and_share_of_the_keys()
    {
        var nodes = (await graph.Admin.GetFromJsonAsync<NodeResponse[]>("/admin/nodes"))!;

        Assert.Equal(Enumerable.Range(1, GraphFixture.Nodes).Select(number => $"storage-{number}"), nodes.Select(node => node.Name));
        Assert.All(nodes, node =>
        {
            Assert.Equal("online", node.Status);
            Assert.True(node.AvailableBytes > 0);
            Assert.InRange(node.HeartbeatAgeSeconds, 0, 30);
            Assert.InRange(node.KeySpaceShare, 0.05, 0.5);
        });
        Assert.Equal(1, nodes.Sum(node => node.KeySpaceShare), precision: 9);

        var byId = await GetNodeAsync(nodes[0].Id.ToString());
        Assert.Equal(("storage-1", nodes[0].Id), (byId.Node.Name, byId.Node.Id));
        Assert.Equal(nodes[0].Id, (await GetNodeAsync("storage-1")).Node.Id);
    }

    [Fact]
    public async Task The_ring_shows_its_owners_and_where_a_key_or_a_file_would_go()
    {
        var file = Guid.CreateVersion7();

        var ring = (await graph.Admin.GetFromJsonAsync<RingResponse>($"/admin/ring?key=0x8000000000000000&fileId={file}"))!;

        Assert.Equal(GraphFixture.Nodes * 150, ring.Points);
        Assert.All(ring.Owners, owner => Assert.Equal(150, owner.Points));
        Assert.Equal(1, ring.Owners.Sum(owner => owner.KeySpaceShare), precision: 9);
        Assert.Equal("0x8000000000000000", ring.Key!.Key);
        Assert.Equal(ring.Owners.Select(owner => owner.Id).Order(), ring.Key.Servers.Select(server => server.Id).Order());
        Assert.Equal(file, ring.File!.FileId);
        Assert.Equal(6, ring.File.Chunks.Count);
        Assert.All(ring.File.Chunks, chunk => Assert.Equal(2, chunk.Servers.Select(server => server.Id).Distinct().Count()));

        var decimalKey = (await graph.Admin.GetFromJsonAsync<RingResponse>("/admin/ring?key=9223372036854775808"))!;
        Assert.Equal(ring.Key.Servers, decimalKey.Key!.Servers);
        Assert.Null(decimalKey.File);
        Assert.Null(decimalKey.Map);
    }

    [Fact]
    public async Task A_map_of_the_ring_gives_each_node_about_its_share_of_the_arcs()
    {
        const int Arcs = 4096;

        var ring = (await graph.Admin.GetFromJsonAsync<RingResponse>($"/admin/ring?arcs={Arcs}"))!;

        Assert.Equal(Arcs, ring.Map!.Count);
        for (var i = 0; i < ring.Owners.Count; i++)
        {
            Assert.Equal(ring.Owners[i].KeySpaceShare, ring.Map.Count(owner => owner == i) / (double)Arcs, tolerance: 0.02);
        }
    }

    [Fact]
    public async Task A_node_drained_from_the_dashboard_takes_no_new_files_until_it_is_undrained()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        try
        {
            await WaitForCommandsAsync("online", canDrain: true, canUndrain: false, timeout.Token);

            await RunAsync("drain", timeout.Token);

            Assert.Equal("draining", (await GetNodeAsync(Node)).Node.Status);
            Assert.Equal(0, (await GetNodeAsync(Node)).Node.KeySpaceShare);
            await WaitForCommandsAsync("draining", canDrain: false, canUndrain: true, timeout.Token);
            await WaitForRingAsync(GraphFixture.Nodes - 1, timeout.Token);
            for (var seed = 0; seed < 3; seed++)
            {
                Assert.DoesNotContain(Node, await PutAndShowServersAsync(seed));
            }

            await RunAsync("undrain", timeout.Token);

            Assert.Equal("online", (await GetNodeAsync(Node)).Node.Status);
            await WaitForCommandsAsync("online", canDrain: true, canUndrain: false, timeout.Token);
            await WaitForRingAsync(GraphFixture.Nodes, timeout.Token);
            Assert.Contains(Node, await PutAndShowServersAsync(seed: 3));
        }
        finally
        {
            using var undrain = await graph.Admin.PostAsync($"/admin/nodes/{Node}/undrain", content: null);
            Assert.True(undrain.IsSuccessStatusCode);
        }
    }

    [Fact]
    public async Task A_node_drained_by_other_hands_is_shown_so_in_the_dashboard()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        try
        {
            using var drain = await graph.Admin.PostAsync($"/admin/nodes/{Node}/drain", content: null, timeout.Token);
            Assert.Equal("draining", (await drain.Content.ReadFromJsonAsync<NodeResponse>(timeout.Token))!.Status);

            await WaitForCommandsAsync("draining", canDrain: false, canUndrain: true, timeout.Token);
        }
        finally
        {
            using var undrain = await graph.Admin.PostAsync($"/admin/nodes/{Node}/undrain", content: null);
            Assert.Equal("online", (await undrain.Content.ReadFromJsonAsync<NodeResponse>())!.Status);
        }

        await WaitForCommandsAsync("online", canDrain: true, canUndrain: false, timeout.Token);
        await WaitForRingAsync(GraphFixture.Nodes, timeout.Token);
    }

    [Theory]
    [InlineData("GET", "/admin/nodes/01936f3e-9c5a-7cc1-8f1e-3a1d8b0c4e55", 404, "node-not-found")]
    [InlineData("GET", "/admin/nodes/storage-99", 404, "node-not-found")]
    [InlineData("POST", "/admin/nodes/storage-99/drain", 404, "node-not-found")]
    [InlineData("POST", "/admin/nodes/storage-99/undrain", 404, "node-not-found")]
    [InlineData("POST", "/admin/nodes/storage-99/readmit", 404, "node-not-found")]
    [InlineData("POST", "/admin/nodes/storage-99/remove?force=true", 404, "node-not-found")]
    [InlineData("GET", "/admin/nodes/a%07b", 400, "node-id-invalid")]
    [InlineData("POST", "/admin/nodes/%20/drain", 400, "node-id-invalid")]
    [InlineData("POST", "/admin/nodes/storage-1/remove", 409, "node-online")]
    [InlineData("POST", "/admin/nodes/storage-1/remove?force=true", 409, "node-online")]
    [InlineData("POST", "/admin/nodes/storage-1/remove?force=perhaps", 400, "request-malformed")]
    [InlineData("GET", "/admin/nodes/storage-1/drain", 405, "method-not-allowed")]
    [InlineData("GET", "/admin/ring?key=abc", 400, "ring-key-invalid")]
    [InlineData("GET", "/admin/ring?key=0x1ffffffffffffffff", 400, "ring-key-invalid")]
    [InlineData("GET", "/admin/ring?key=-1", 400, "ring-key-invalid")]
    [InlineData("GET", "/admin/ring?arcs=0", 400, "ring-arcs-invalid")]
    [InlineData("GET", "/admin/ring?arcs=4097", 400, "ring-arcs-invalid")]
    [InlineData("GET", "/admin/buckets?limit=0", 400, "limit-out-of-range")]
    [InlineData("GET", "/admin/buckets/no-such-bucket/objects", 404, "bucket-not-found")]
    [InlineData("GET", "/admin/buckets/no-such-bucket/objects?after=x", 400, "after-invalid")]
    [InlineData("GET", "/admin/ring?fileId=abc", 400, "file-id-invalid")]
    public async Task Bad_requests_get_a_problem_with_a_stable_code(string method, string path, int status, string code)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await graph.Admin.SendAsync(request);

        await response.AssertProblemAsync(status, code);
    }

    [Fact]
    public async Task Every_route_is_described_in_openapi_with_its_problems()
    {
        var paths = (await graph.Admin.GetFromJsonAsync<JsonElement>("/openapi/v1.json")).GetProperty("paths");

        Assert.Equal(["200", "400", "401", "403"], Responses(paths, "/admin/ring", "get"));
        Assert.Equal(["200", "401", "403"], Responses(paths, "/admin/nodes", "get"));
        Assert.Equal(["200", "400", "401", "403", "404", "409"], Responses(paths, "/admin/nodes/{node}", "get"));
        foreach (var change in new[] { "drain", "undrain", "readmit", "remove" })
        {
            Assert.Equal(["200", "400", "401", "403", "404", "409"], Responses(paths, $"/admin/nodes/{{node}}/{change}", "post"));
        }
    }

    private static IEnumerable<string> Responses(JsonElement paths, string path, string method)
    {
        var operation = paths.GetProperty(path).GetProperty(method);
        Assert.NotEmpty(operation.GetProperty("summary").GetString()!);
        return operation.GetProperty("responses").EnumerateObject().Select(response => response.Name).Order();
    }

    private async Task<NodeDetailResponse> GetNodeAsync(string node) =>
        (await graph.Admin.GetFromJsonAsync<NodeDetailResponse>($"/admin/nodes/{node}"))!;

    private async Task<IEnumerable<string?>> PutAndShowServersAsync(int seed)
    {
        var file = await graph.Api.PutFileAsync(TestBytes.Make(seed, Size));
        var layout = (await graph.Api.GetFromJsonAsync<FileLayoutResponse>($"/files/{file.FileId}/layout"))!;
        return layout.Chunks.SelectMany(chunk => chunk.Copies).Where(copy => copy.Status == "stored").Select(copy => copy.Name).Distinct();
    }

    private async Task RunAsync(string command, CancellationToken cancellationToken)
    {
        Assert.True(graph.App.ResourceNotifications.TryGetCurrentState(Node, out var state));
        var result = await graph.App.ResourceCommands.ExecuteCommandAsync(state.ResourceId, command, cancellationToken);
        Assert.True(result.Success, result.Message);
    }

    private Task<ResourceEvent> WaitForCommandsAsync(string status, bool canDrain, bool canUndrain, CancellationToken cancellationToken) =>
        graph.App.ResourceNotifications.WaitForResourceAsync(
            Node,
            change => change.Snapshot.Properties.Any(property => property.Name == "storage.status" && property.Value as string == status)
                && IsEnabled(change, "drain") == canDrain
                && IsEnabled(change, "undrain") == canUndrain,
            cancellationToken);

    private static bool IsEnabled(ResourceEvent change, string command) =>
        change.Snapshot.Commands.Single(known => known.Name == command).State == ResourceCommandState.Enabled;

    private async Task WaitForRingAsync(int servers, CancellationToken cancellationToken)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!(await graph.Admin.GetStringAsync("/health", cancellationToken)).Contains($"{servers} of ", StringComparison.Ordinal))
        {
            await poll.WaitForNextTickAsync(cancellationToken);
        }
    }
}
