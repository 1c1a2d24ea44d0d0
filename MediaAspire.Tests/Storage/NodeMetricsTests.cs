using System.Net;
using System.Net.Http.Headers;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Storage;

[Collection(TelemetryGroup.Name)]
public sealed class NodeMetricsTests
{
    [Fact]
    public async Task A_scraper_that_speaks_http_1_reads_what_the_node_did_on_its_one_port()
    {
        await using var node = await TestNode.StartAsync(withDefaults: true);
        var chunk = await node.PutAsync(TestBytes.Make(1, 100_000));
        Assert.Equal(100_000, (await node.GetAsync(chunk, 0, 100_000)).Length);

        using var scraper = new HttpClient { BaseAddress = node.Address };
        scraper.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TestNode.Token);
        using var response = await scraper.GetAsync(new Uri("/metrics", UriKind.Relative));
        var lines = (await response.Content.ReadAsStringAsync()).Split('\n');

        Assert.Equal((HttpStatusCode.OK, HttpVersion.Version11), (response.StatusCode, response.Version));
        Assert.Contains(lines, line => Is(line, "mediaaspire_storage_chunks{", "1"));
        Assert.Contains(lines, line => Is(line, "mediaaspire_storage_chunks_written_total", "1"));
        Assert.Contains(lines, line => Is(line, "mediaaspire_storage_written_bytes_total", "100000"));
        Assert.Contains(lines, line => Is(line, "mediaaspire_storage_call_duration_seconds_count", "1") && line.Contains("\"PutChunk\""));

        // And by HTTP/2, as its other callers do.
        using var request = new HttpRequestMessage(HttpMethod.Get, "/alive")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var alive = await scraper.SendAsync(request);
        Assert.Equal((HttpStatusCode.OK, HttpVersion.Version20), (alive.StatusCode, alive.Version));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("x")]
    public async Task Without_the_token_a_node_serves_the_word_of_its_health_only(string? token)
    {
        await using var node = await TestNode.StartAsync(withDefaults: true);
        using var stranger = new HttpClient { BaseAddress = node.Address };
        stranger.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);

        using var metrics = await stranger.GetAsync(new Uri("/metrics", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Unauthorized, metrics.StatusCode);
        Assert.DoesNotContain("mediaaspire", await metrics.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using var health = await stranger.GetAsync(new Uri("/health", UriKind.Relative));
        Assert.Equal("Unhealthy", await health.Content.ReadAsStringAsync());
        using var alive = await stranger.GetAsync(new Uri("/alive", UriKind.Relative));
        Assert.Equal("Healthy", await alive.Content.ReadAsStringAsync());
    }

    private static bool Is(string line, string name, string value) =>
        line.StartsWith(name, StringComparison.Ordinal) && line.Split(' ')[1] == value;
}
