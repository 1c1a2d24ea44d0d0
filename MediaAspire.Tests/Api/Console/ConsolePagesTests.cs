using System.Net;
using System.Net.Http.Headers;

namespace MediaAspire.Tests.Api.Console;

/// <summary>The static files under <c>/console</c>.</summary>
public sealed class ConsolePagesTests
{
    [Theory]
    [InlineData("/console")]
    [InlineData("/console/")]
    [InlineData("/console/nodes/storage-1")]
    [InlineData("/console/buckets/films/2026/video.mp4")]
    [InlineData("/console/..%2f..%2fappsettings.json")]
    public async Task Every_path_without_a_file_shows_the_page(string path)
    {
        await using var host = await ConsoleHost.StartAsync();

        using var response = await host.Client.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(ConsoleHost.Index, await response.Content.ReadAsStringAsync());
        Assert.Equal("text/html; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("no-cache", response.Headers.CacheControl!.ToString());
    }

    [Theory]
    [InlineData("br", "brotli", "br")]
    [InlineData("gzip, br;q=0.5", "brotli", "br")]
    [InlineData("gzip, br;q=0", "gzip", "gzip")]
    [InlineData("deflate", "console.log(1)", null)]
    [InlineData("", "console.log(1)", null)]
    public async Task An_asset_is_kept_forever_in_the_encoding_that_the_client_accepts(string accepted, string content, string? encoding)
    {
        await using var host = await ConsoleHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/console/" + ConsoleHost.Script);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);

        using var response = await host.Client.SendAsync(request);

        Assert.Equal(content, await response.Content.ReadAsStringAsync());
        Assert.Equal(encoding, response.Content.Headers.ContentEncoding.SingleOrDefault());
        Assert.Equal("text/javascript; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.Contains("immutable", response.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.Equal(["Accept-Encoding"], response.Headers.Vary);
    }

    [Fact]
    public async Task A_browser_that_has_the_page_gets_no_bytes()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var first = await host.Client.GetAsync("/console");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/console/files");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using var second = await host.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Empty(await second.Content.ReadAsByteArrayAsync());
        Assert.Equal(first.Headers.ETag, second.Headers.ETag);
    }

    [Fact]
    public async Task An_encoding_has_an_entity_tag_of_its_own()
    {
        await using var host = await ConsoleHost.StartAsync();
        var tags = new HashSet<EntityTagHeaderValue>();
        foreach (var encoding in new[] { "br", "gzip", "identity" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Head, "/console/" + ConsoleHost.Script);
            request.Headers.Add("Accept-Encoding", encoding);
            using var response = await host.Client.SendAsync(request);
            tags.Add(response.Headers.ETag!);
        }

        Assert.Equal(3, tags.Count);
    }

    [Theory]
    [InlineData("GET", "/console/assets/index-old.js", 404)]
    [InlineData("POST", "/console/nodes", 401)]
    public async Task Old_assets_and_other_methods_are_refused(string method, string path, int status)
    {
        await using var host = await ConsoleHost.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var response = await host.Client.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task The_content_security_policy_has_no_exceptions_for_scripts_and_styles()
    {
        await using var host = await ConsoleHost.StartAsync();

        using var response = await host.Client.GetAsync("/console");

        Assert.Equal(
            "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; "
            + "img-src 'self' blob: data: https://store.example.org; media-src 'self' blob: https://store.example.org; "
            + "connect-src 'self' https://store.example.org; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
            response.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("same-origin", response.Headers.GetValues("Cross-Origin-Opener-Policy").Single());
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Fact]
    public async Task A_server_without_a_built_console_says_so()
    {
        await using var host = await ConsoleHost.StartAsync(isBuilt: false);

        Assert.Contains("built without the web console", await host.Client.GetStringAsync("/console/nodes"), StringComparison.Ordinal);
    }
}
