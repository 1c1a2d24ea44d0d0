using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Aspire.Hosting.Testing;
using MediaAspire.Tests.Harness;
using Xunit.Abstractions;

namespace MediaAspire.Tests.Graph;

/// <summary>Tries every route of the REST API as a stranger and as a page of another site, at both listeners.</summary>
[Collection(GraphGroup.Name)]
public sealed partial class RefusedRequestTests(GraphFixture graph, ITestOutputHelper output)
{
    // What a stranger could change or store.
    private const string Everything =
        "SELECT (SELECT count(*) FROM files WHERE deleted_at IS NULL) + (SELECT count(*) FROM access_keys)"
        + " + (SELECT count(*) FROM buckets) + (SELECT count(*) FROM storage_servers WHERE status = 'draining')";

    private static readonly string[] s_types = ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"];

    // The token in a link is its key. The routes of sessions are for those who have none yet, and refuse requests that are not the
    // console's.
    private static readonly Dictionary<(string Method, string Path), HttpStatusCode> s_keyless = new()
    {
        [("GET", "/shares/storage-1")] = HttpStatusCode.NotFound,
        [("HEAD", "/shares/storage-1")] = HttpStatusCode.NotFound,
        [("POST", "/console/session")] = HttpStatusCode.Forbidden,
        [("DELETE", "/console/session")] = HttpStatusCode.Forbidden,
    };

    [Fact]
    public async Task Without_a_key_every_route_returns_401_and_on_the_public_port_operators_routes_404()
    {
        using var http = graph.App.CreateHttpClient("api", "http");
        using var admin = graph.App.CreateHttpClient("api", "admin");
        var routes = await ListRoutesAsync();
        var before = await graph.CountAsync(Everything);

        foreach (var (method, path) in routes)
        {
            var isHidden = path.StartsWith("/admin", StringComparison.Ordinal);
            var refused = s_keyless.GetValueOrDefault((method, path), HttpStatusCode.Unauthorized);
            var hidden = isHidden ? HttpStatusCode.NotFound : refused;
            var (atAdmin, atHttp) = (await AskAsync(admin, method, path), await AskAsync(http, method, path));
            output.WriteLine($"{method} {path}: admin {atAdmin:D}, http {atHttp:D}");
            Assert.Equal((refused, hidden), (atAdmin, atHttp));
        }

        foreach (var path in new[] { "/metrics", "/openapi/v1.json", "/scalar" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(admin, "GET", path));
            Assert.Equal(HttpStatusCode.NotFound, await AskAsync(http, "GET", path));
            output.WriteLine($"GET {path}: admin 401, http 404");
        }

        foreach (var client in new[] { http, admin })
        {
            Assert.Equal("Healthy", await client.GetStringAsync("/health"));
            Assert.Equal("Healthy", await client.GetStringAsync("/alive"));
        }

        Assert.InRange(routes.Count, 30, 1000);
        Assert.Equal(before, await graph.CountAsync(Everything));
    }

    // With the key, which such a page does not have: nothing but where the request comes from is wrong with it.
    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Origin", "https://attacker.example")]
    public async Task A_page_of_another_site_changes_nothing_by_any_route(string header, string value)
    {
        var before = await graph.CountAsync(Everything);
        var routes = (await ListRoutesAsync()).Where(route => route.Method is not ("GET" or "HEAD")).ToList();

        foreach (var (method, path) in routes)
        {
            foreach (var type in s_types)
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), path);
                request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes("{}"));
                request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
                request.Headers.Add(header, value);
                using var response = await graph.Admin.SendAsync(request);

                await response.AssertProblemAsync(403, "cross-site-request");
            }

            output.WriteLine($"{method} {path}: 403");
        }

        Assert.InRange(routes.Count, 15, 1000);
        Assert.Equal(before, await graph.CountAsync(Everything));
    }

    /// <summary>Reads the routes from the running API's own description, with values for their parameters.</summary>
    private async Task<List<(string Method, string Path)>> ListRoutesAsync()
    {
        using var document = JsonDocument.Parse(await graph.Admin.GetStringAsync("/openapi/v1.json"));
        return
        [
            .. from path in document.RootElement.GetProperty("paths").EnumerateObject()
               from operation in path.Value.EnumerateObject()
               select (operation.Name.ToUpperInvariant(), Parameter().Replace(path.Name, "storage-1")),
        ];
    }

    private static async Task<HttpStatusCode> AskAsync(HttpClient client, string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
