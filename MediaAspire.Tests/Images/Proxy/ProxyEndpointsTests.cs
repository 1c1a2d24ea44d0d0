using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using MediaAspire.Tests.Fetching;
using MediaAspire.Tests.Harness;
using Microsoft.AspNetCore.Http;

namespace MediaAspire.Tests.Images.Proxy;

/// <summary>The routes of images of other servers: <c>proxy</c>, <c>process.{ext}?proxy=</c> and <c>from-url</c>.</summary>
public sealed class ProxyEndpointsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    // Not a text, which is refused before a processor sees it.
    private const string Picture = "30x20 \u0001\u0002 png of another server";

    private OriginServer _origin = null!;
    private ImageWorld _world = null!;

    private string Address => $"http://127.0.0.1:{_origin.Port}";

    [Fact]
    public async Task A_proxied_image_is_sent_with_tag_and_ranges_while_its_origin_says_so()
    {
        Assert.Equal((404, null), await _world.OutcomeAsync(HttpMethod.Head, Proxy("/a")));
        Assert.Empty(_origin.Requests);

        using var first = await _world.SendAsync(HttpMethod.Get, Proxy("/a"));
        Assert.Equal(Picture, await first.Content.ReadAsStringAsync());
        Assert.Equal("max-age=599, private", CacheControl(first));

        using var conditional = new HttpRequestMessage(HttpMethod.Get, Proxy("/a"));
        conditional.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var unchanged = await _world.Client.SendAsync(conditional);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);

        using var partial = new HttpRequestMessage(HttpMethod.Get, Proxy("/a"));
        partial.Headers.Range = new(0, 4);
        using var range = await _world.Client.SendAsync(partial);
        Assert.Equal((HttpStatusCode.PartialContent, "30x20"), (range.StatusCode, await range.Content.ReadAsStringAsync()));

        using var head = await _world.SendAsync(HttpMethod.Head, Proxy("/a"));
        Assert.Equal((HttpStatusCode.OK, (long?)Picture.Length), (head.StatusCode, head.Content.Headers.ContentLength));
        Assert.Single(_origin.Requests);
    }

    [Fact]
    public async Task A_variant_of_a_proxied_image_is_made_once_and_cached_as_long_as_the_image()
    {
        var address = Variant("webp", "/b", "resize=10");
        Assert.Equal((404, null), await _world.OutcomeAsync(HttpMethod.Head, address));
        Assert.Empty(_origin.Requests);

        var all = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _world.SendAsync(HttpMethod.Get, address)));

        Assert.All(all, response => Assert.Equal((HttpStatusCode.OK, "image/webp"),
            (response.StatusCode, response.Content.Headers.ContentType?.MediaType)));
        Assert.All(all, response => Assert.Matches("^max-age=59[0-9], private$", CacheControl(response)));
        Assert.Equal($"{Picture} as resize=10.webp", await all[0].Content.ReadAsStringAsync());
        Assert.Equal((1, 1), (await _world.CountAsync("image_variants"), _origin.Requests.Count));

        using var automatic = await _world.SendAsync(HttpMethod.Get, Variant("auto", "/b", "resize=10"));
        Assert.Equal(("Accept", "image/jpeg"), (automatic.Headers.Vary.Single(), automatic.Content.Headers.ContentType?.MediaType));
        Assert.Single(_origin.Requests);
    }

    [Fact]
    public async Task A_variant_that_is_refused_is_not_fetched()
    {
        Assert.Equal((400, "operation-unknown"), await GetAsync(Variant("webp", "/c", "resiz=10")));
        Assert.Equal((400, "format-unsupported"), await GetAsync(Variant("svg", "/c", "resize=10")));
        Assert.Equal((400, "query-invalid"), await GetAsync("/images/process.webp?resize=10"));
        Assert.Equal((400, "query-invalid"), await GetAsync($"{Variant("webp", "/c", "resize=10")}&proxy=http://example.com/"));
        Assert.Equal((400, "query-invalid"), await GetAsync("/images/proxy"));
        Assert.Equal((400, "url-invalid"), await GetAsync("/images/process.webp?proxy=picture.png&resize=1"));
        Assert.Equal((400, "url-refused"), await GetAsync($"/images/process.webp?proxy=http://169.254.169.254:{_origin.Port}/&resize=1"));
        Assert.Equal((401, "unauthorized"), await _world.OutcomeAsync(HttpMethod.Get, Variant("webp", "/c", "resize=10"), scopes: "none"));
        Assert.Empty(_origin.Requests);
    }

    [Fact]
    public async Task A_failure_of_an_origin_is_a_problem_of_every_route()
    {
        Assert.Equal((422, "origin-status"), await GetAsync(Proxy("/missing")));
        Assert.Equal((422, "origin-status"), await GetAsync(Variant("webp", "/missing", "resize=10")));
        Assert.Equal((422, "origin-status"), await PostAsync("", "/missing"));
        Assert.Equal((400, "media-disallowed"), await PostAsync("?allow_image=false", "/d"));
    }

    [Fact]
    public async Task An_image_is_kept_from_its_address_and_deleted_by_its_token()
    {
        using var created = await SendAsync("?max_width=100", new { url = $"{Address}/e" });
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        using var json = JsonDocument.Parse(await created.Content.ReadAsStringAsync());
        var file = json.RootElement.GetProperty("files")[0];
        var (alias, token) = (file.GetProperty("file").GetString(), file.GetProperty("delete_token").GetString());
        Assert.Equal(30, file.GetProperty("details").GetProperty("width").GetInt32());

        using var read = await _world.SendAsync(HttpMethod.Get, $"/images/{alias}");
        Assert.Equal(Picture, await read.Content.ReadAsStringAsync());
        Assert.Equal((204, null), await _world.OutcomeAsync(HttpMethod.Delete, $"/images/{alias}?token={token}", scopes: "none"));
        Assert.Equal((404, "alias-not-found"), await GetAsync($"/images/{alias}"));
    }

    [Fact]
    public async Task A_backgrounded_fetch_is_claimed_once_also_after_a_failure()
    {
        using var accepted = await SendAsync("?backgrounded", new { url = $"{Address}/f" });
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        var claim = accepted.Headers.Location!.ToString();
        using var claimed = await _world.SendAsync(HttpMethod.Get, claim);
        Assert.Equal(HttpStatusCode.OK, claimed.StatusCode);
        Assert.Contains("delete_token", await claimed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal((400, "already-claimed"), await GetAsync(claim));

        using var failing = await SendAsync("?backgrounded", new { url = $"{Address}/missing" });
        Assert.Equal(HttpStatusCode.Accepted, failing.StatusCode);
        Assert.Equal((422, "origin-status"), await GetAsync(failing.Headers.Location!.ToString()));
    }

    [Fact]
    public async Task A_bad_request_for_a_fetch_is_refused_and_nothing_is_asked_for()
    {
        foreach (var (query, body, expected) in new (string, object, (int, string?))[]
        {
            ("", new { }, (400, "url-invalid")),
            ("", new { url = "ftp://example.com/a" }, (400, "url-refused")),
            ("", new { url = $"http://10.0.0.1:{_origin.Port}/" }, (422, "url-refused")),
            ("?max_width=-1", new { url = Address }, (400, "query-invalid")),
            ("?wide=1", new { url = Address }, (400, "query-invalid")),
            ("?owner=nobody", new { url = Address }, (400, "owner-unknown")),
        })
        {
            using var response = await SendAsync(query, body);
            Assert.Equal((query, body, expected), (query, body, await ImageWorld.OutcomeAsync(response)));
        }

        using var none = new StringContent("{", Encoding.UTF8, "application/json");
        using var broken = await _world.SendAsync(HttpMethod.Post, "/images/from-url", content: none);
        Assert.Equal(400, (int)broken.StatusCode);
        Assert.Equal((401, "unauthorized"), await _world.OutcomeAsync(HttpMethod.Post, "/images/from-url", scopes: "none"));
        Assert.Equal((0, 0), (await _world.CountAsync("images"), _origin.Requests.Count));
    }

    public async Task InitializeAsync()
    {
        _origin = await OriginServer.StartAsync(async context =>
        {
            if (context.Request.Path == "/missing")
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }

            context.Response.Headers.CacheControl = "max-age=600";
            await context.Response.WriteAsync(Picture, context.RequestAborted);
        });
        _world = await ImageWorld.StartAsync(
            postgres, ("Fetching:AllowedNetworks", "127.0.0.1/32"), ("Fetching:AllowedPorts", $"{_origin.Port}"));
    }

    public async Task DisposeAsync()
    {
        await _world.DisposeAsync();
        await _origin.DisposeAsync();
    }

    private string Proxy(string path) => $"/images/proxy?url={Uri.EscapeDataString(Address + path)}";

    private string Variant(string extension, string path, string operations) =>
        $"/images/process.{extension}?proxy={Uri.EscapeDataString(Address + path)}&{operations}";

    private static string? CacheControl(HttpResponseMessage response) => response.Headers.CacheControl?.ToString();

    private Task<(int Status, string? Code)> GetAsync(string path) => _world.OutcomeAsync(HttpMethod.Get, path);

    private async Task<(int Status, string? Code)> PostAsync(string query, string path)
    {
        using var response = await SendAsync(query, new { url = Address + path });
        return await ImageWorld.OutcomeAsync(response);
    }

    private async Task<HttpResponseMessage> SendAsync(string query, object body)
    {
        using var content = JsonContent.Create(body);
        return await _world.SendAsync(HttpMethod.Post, $"/images/from-url{query}", content: content);
    }
}
