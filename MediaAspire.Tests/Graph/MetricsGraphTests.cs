using System.Net.Http.Headers;
using System.Net.Http.Json;
using MediaAspire.Api.Admin;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Graph;

[Collection(GraphGroup.Name)]
public sealed class MetricsGraphTests(GraphFixture graph)
{
    [Fact]
    public async Task The_api_and_every_node_are_scraped_where_they_listen()
    {
        var nodes = (await graph.Admin.GetFromJsonAsync<NodeResponse[]>("/admin/nodes"))!;
        using var scraper = new HttpClient();
        scraper.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Bearer", await graph.App.GetSecretAsync("cluster-token"));

        var api = await graph.Admin.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        Assert.Contains("mediaaspire_cluster_servers{", api, StringComparison.Ordinal);
        foreach (var node in nodes)
        {
            var metrics = await scraper.GetStringAsync(new Uri(new Uri(node.Address), "/metrics"));
            Assert.Contains("mediaaspire_storage_available_bytes", metrics, StringComparison.Ordinal);
        }
    }
}
