using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Graph;

/// <summary>Named files in the whole graph: a JSON file and a PNG are put, the engines are killed, and the same bytes are read.</summary>
[Collection(GraphGroup.Name)]
public sealed class NamedFileGraphTests(GraphFixture graph)
{
    private const string Staged = "SELECT count(*) FROM named_files WHERE file_id IS NULL";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly string _client = $"{Guid.CreateVersion7()}";

    // A PNG of one pixel, as any tool writes it, and a JSON file.
    private static byte[] Png => Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private static byte[] Json => Encoding.UTF8.GetBytes("{\n  \"id\": 1,\n  \"name\": \"тест\",\n  \"values\": [1, 2, 3]\n}\n");

    [Fact]
    public async Task A_JSON_file_and_a_PNG_come_back_the_same_at_once_and_after_the_split()
    {
        var large = TestBytes.Make(4, 5_000_000);
        await PutAsync("test01.json", Json);
        await PutAsync("storage.png", Png);
        await PutAsync("large.bin", large);
        await AssertAllAsync();

        await graph.WaitForAsync(Staged, 0, s_patience);
        await AssertAllAsync();

        await PutAsync("test01.json", Png);
        Assert.Equal(Png, await GetAsync("test01.json"));
        await graph.WaitForAsync(Staged, 0, s_patience);
        Assert.Equal(Png, await GetAsync("test01.json"));

        async Task AssertAllAsync()
        {
            Assert.Equal(Json, await GetAsync("test01.json"));
            Assert.Equal(Png, await GetAsync("storage.png"));
            Assert.Equal(large, await GetAsync("large.bin"));
        }
    }

    [Fact]
    public async Task Bad_input_is_a_problem()
    {
        using (var missing = await graph.Api.PostAsJsonAsync("/files", new { client_id = _client, name = "a" }))
        {
            await missing.AssertProblemAsync(400, "field-missing");
        }

        using (var notBase64 = await graph.Api.PostAsJsonAsync("/files", new { client_id = _client, name = "a", data = "?" }))
        {
            await notBase64.AssertProblemAsync(400, "field-invalid");
        }

        using var unknown = await graph.Api.GetAsync($"/files?client_id={_client}&name=a");
        await unknown.AssertProblemAsync(404, "named-file-not-found");
    }

    [Theory]
    [InlineData("redis", "staging-unavailable")]
    [InlineData("postgres", "database-unavailable")]
    public async Task A_killed_engine_is_a_clear_503_and_what_was_acknowledged_is_there_when_it_is_back(string engine, string code)
    {
        var bytes = TestBytes.Make(6, 300_000);
        await PutAsync("before", bytes);

        await graph.KillAsync(engine);
        using (var refused = await graph.Api.PostAsJsonAsync("/files", new { client_id = _client, name = "during", data = bytes }))
        {
            await refused.AssertProblemAsync(503, code);
            Assert.NotNull(refused.Headers.RetryAfter);
        }

        await graph.RestartAsync(engine);
        await WaitUntilTakenAsync("after");
        Assert.Equal(bytes, await GetAsync("before"));
        await graph.WaitForAsync(Staged, 0, s_patience);
        Assert.Equal(bytes, await GetAsync("before"));
    }

    private async Task WaitUntilTakenAsync(string name)
    {
        using var limit = new CancellationTokenSource(s_patience);
        while (true)
        {
            using var response = await graph.Api.PostAsJsonAsync("/files", new { client_id = _client, name, data = Png });
            if (response.StatusCode == HttpStatusCode.OK)
            {
                return;
            }

            await response.Content.ReadAsStringAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, limit.Token);
        }
    }

    private async Task PutAsync(string name, byte[] data)
    {
        using var response = await graph.Api.PostAsJsonAsync("/files", new { client_id = _client, name, data });
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
    }

    private async Task<byte[]> GetAsync(string name)
    {
        using var response = await graph.Api.GetAsync($"/files?client_id={_client}&name={name}");
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        using var json = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        Assert.Equal(name, json.RootElement.GetProperty("name").GetString());
        return json.RootElement.GetProperty("data").GetBytesFromBase64();
    }
}
