using System.Net;
using Microsoft.AspNetCore.Http;

namespace MediaAspire.Tests.Fetching;

/// <summary>The attempts to make the platform send requests where its client cannot. None may reach the server.</summary>
public sealed class ServerSideRequestForgeryTests : IAsyncLifetime
{
    private static readonly string[] s_refusals = ["url-refused", "url-invalid"];
    private static readonly string[] s_refusalsOfRedirects = ["url-refused", "origin-status"];

    private OriginServer _inside = null!;
    private OriginServer _outside = null!;

    /// <summary>Addresses of this machine and its networks, in each notation that a parser might read as one.</summary>
    public static TheoryData<string> Hosts =>
    [
        "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001", "0", "0.0.0.0", "localhost",
        "localhost.", "LOCALHOST", "a.localhost", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]",
        "[64:ff9b::127.0.0.1]", "[2002:7f00:1::]", "[2001:0:7f00:1::1]", "[2600::5efe:127.0.0.1]", "[::ffff:0:127.0.0.1]", "10.0.0.1",
        "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.169.254", "[fe80::1]", "[fc00::1]", "[fd00:ec2::254]", "metadata.internal",
        "rebound.example", "mixed.example", "127.0.0.1.", "①②⑦.⓪.⓪.①", "127%2e0%2e0%2e1", "unknown.example",
    ];

    /// <summary>Addresses that are wrong whatever their host is.</summary>
    public static TheoryData<string> Urls =>
    [
        "file:///etc/passwd", "ftp://outside.example/", "gopher://outside.example/_", "data:image/png;base64,AAAA", "ws://outside.example/",
        "unix:///var/run/docker.sock", "http://user@outside.example:{port}/", "http://user:secret@outside.example:{port}/",
        "http://outside.example:22/", "http://outside.example:6379/", "https://outside.example:5432/", "//outside.example/", "/picture.png",
        "", "http://", "http:///", "http://:80/", "javascript:alert(1)",
    ];

    public async Task InitializeAsync()
    {
        _inside = await OriginServer.StartAsync(context => context.Response.WriteAsync("secret"));
        _outside = await OriginServer.StartAsync(Redirect, "127.0.0.2");
    }

    public async Task DisposeAsync()
    {
        await _inside.DisposeAsync();
        await _outside.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Hosts))]
    public async Task An_address_of_the_platforms_own_networks_is_refused(string host)
    {
        using var harness = Harness();

        var (result, bytes) = await harness.FetchAsync($"http://{host}:{_inside.Port}/");

        Assert.Contains(result.Failure!.Code, s_refusals);
        AssertNothingLeaked(bytes);
    }

    [Theory]
    [MemberData(nameof(Hosts))]
    public async Task A_redirect_to_the_platforms_own_networks_is_refused(string host)
    {
        using var harness = Harness();

        var target = Uri.EscapeDataString($"http://{host}:{_inside.Port}/");
        var (result, bytes) = await harness.FetchAsync($"http://outside.example:{_outside.Port}/?to={target}");

        Assert.Contains(result.Failure!.Code, s_refusalsOfRedirects);
        AssertNothingLeaked(bytes);
        Assert.Single(_outside.Requests);
    }

    [Theory]
    [MemberData(nameof(Urls))]
    public async Task An_address_that_is_not_one_of_a_web_page_is_refused(string url)
    {
        using var harness = Harness();

        var (result, bytes) = await harness.FetchAsync(url.Replace("{port}", $"{_outside.Port}", StringComparison.Ordinal));

        Assert.Contains(result.Failure!.Code, s_refusals);
        AssertNothingLeaked(bytes);
        Assert.Empty(_outside.Requests);
        Assert.Empty(harness.Resolved);
    }

    [Fact]
    public async Task A_name_whose_address_changes_after_the_check_gains_nothing()
    {
        using var harness = Harness()
            .Name("changing.example", "127.0.0.2")
            .Name("changing.example", "127.0.0.1");

        var (result, bytes) = await harness.FetchAsync($"http://changing.example:{_outside.Port}/");

        Assert.Null(result.Failure);
        Assert.Equal("outside"u8.ToArray(), bytes);
        Assert.Single(harness.Resolved);
        Assert.Empty(_inside.Requests);
    }

    [Fact]
    public async Task A_name_that_redirects_to_itself_with_another_address_is_refused()
    {
        using var harness = Harness()
            .Name("changing.example", "127.0.0.2")
            .Name("changing.example", "127.0.0.1");

        var target = Uri.EscapeDataString($"http://changing.example:{_inside.Port}/");
        var (result, bytes) = await harness.FetchAsync($"http://changing.example:{_outside.Port}/?to={target}");

        Assert.Equal("url-refused", result.Failure!.Code);
        Assert.Equal(2, harness.Resolved.Count);
        AssertNothingLeaked(bytes);
    }

    [Fact]
    public async Task A_refusal_does_not_tell_whether_an_internal_name_exists()
    {
        using var harness = Harness();

        var (existing, _) = await harness.FetchAsync($"http://metadata.internal:{_inside.Port}/");
        var (unknown, _) = await harness.FetchAsync($"http://unknown.example:{_inside.Port}/");

        Assert.Equal(unknown.Failure, existing.Failure);
    }

    private static Task Redirect(HttpContext context)
    {
        if (context.Request.Query["to"].ToString() is { Length: > 0 } target)
        {
            context.Response.StatusCode = (int)HttpStatusCode.Found;
            context.Response.Headers.Location = target;
            return Task.CompletedTask;
        }

        return context.Response.WriteAsync("outside");
    }

    /// <summary>Makes a fetcher for which 127.0.0.2 is a public address, and 127.0.0.1 is not.</summary>
    private FetchHarness Harness() => new FetchHarness(FetchHarness.Allowing("127.0.0.2/32", _inside.Port, _outside.Port))
        .Name("outside.example", "127.0.0.2")
        .Name("localhost", "127.0.0.1")
        .Name("localhost.", "127.0.0.1")
        .Name("a.localhost", "127.0.0.1")
        .Name("metadata.internal", "169.254.169.254")
        .Name("rebound.example", "127.0.0.1")
        .Name("mixed.example", "127.0.0.2", "127.0.0.1");

    private void AssertNothingLeaked(byte[] bytes)
    {
        Assert.Empty(_inside.Requests);
        Assert.Empty(bytes);
    }
}
