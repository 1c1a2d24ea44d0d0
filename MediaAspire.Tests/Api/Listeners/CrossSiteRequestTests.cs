using System.Text;
using MediaAspire.Tests.Graph;

namespace MediaAspire.Tests.Api.Listeners;

/// <summary>Requests that a browser sends without a preflight, and those that a preflight would have to allow.</summary>
public sealed class CrossSiteRequestTests
{
    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Sec-Fetch-Site", "nonsense")]
    [InlineData("Sec-Fetch-Site", "")]
    [InlineData("Origin", "https://attacker.example")]
    [InlineData("Origin", "http://127.0.0.1:1")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "")]
    public async Task A_page_of_another_site_changes_nothing(string header, string value)
    {
        await using var host = await ListenerHost.StartAsync();

        string[] types = ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", "application/json"];
        foreach (var type in types)
        {
            foreach (var (client, method, path) in new[]
            {
                (host.Http, "POST", "/files"), (host.Http, "PUT", "/files"), (host.Http, "PATCH", "/files"),
                (host.Http, "DELETE", "/files"), (host.Admin, "POST", "/files"), (host.Admin, "POST", "/admin/nodes/a/drain"),
            })
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), path);
                request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes("file=x"));
                request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
                request.Headers.TryAddWithoutValidation(header, value);
                using var response = await client.SendAsync(request);

                await response.AssertProblemAsync(403, "cross-site-request");
            }
        }

        Assert.Equal(0, host.Changes);
    }

    [Fact]
    public async Task A_header_that_is_sent_twice_is_not_believed()
    {
        await using var host = await ListenerHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/files");
        request.Headers.TryAddWithoutValidation("Sec-Fetch-Site", ["same-origin", "cross-site"]);

        using var response = await host.Http.SendAsync(request);

        await response.AssertProblemAsync(403, "cross-site-request");
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("Sec-Fetch-Site", "same-origin")]
    [InlineData("Sec-Fetch-Site", "none")]
    [InlineData("Origin", "own")]
    public async Task Programs_users_and_own_pages_change_something(string? header, string? value)
    {
        await using var host = await ListenerHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/files");
        if (header is not null)
        {
            var own = host.Http.BaseAddress!.GetLeftPart(UriPartial.Authority);
            request.Headers.TryAddWithoutValidation(header, value == "own" ? own : value);
        }

        using var response = await host.Http.SendAsync(request);

        Assert.True(response.IsSuccessStatusCode);
        Assert.Equal(1, host.Changes);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    public async Task Reads_are_left_to_the_policy_of_the_browser_which_gets_no_permission(string method)
    {
        await using var host = await ListenerHost.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), "/files");
        request.Headers.Add("Origin", "https://attacker.example");
        request.Headers.Add("Sec-Fetch-Site", "cross-site");

        using var response = await host.Http.SendAsync(request);

        Assert.True(response.IsSuccessStatusCode);
        Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
        Assert.Equal("same-origin", response.Headers.GetValues("Cross-Origin-Resource-Policy").Single());
    }
}
