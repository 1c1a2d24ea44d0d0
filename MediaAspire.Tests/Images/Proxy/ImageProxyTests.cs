using MediaAspire.Core.Fetching;
using MediaAspire.Core.Images.Proxy;
using MediaAspire.Tests.Fetching;
using MediaAspire.Tests.Harness;
using Microsoft.AspNetCore.Http;

namespace MediaAspire.Tests.Images.Proxy;

public sealed class ImageProxyTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Stale = "UPDATE image_proxies SET fresh_until = now() - interval '1 second'";

    [Fact]
    public async Task Of_several_first_requests_for_one_proxied_url_all_succeed_by_one_fetch()
    {
        var content = TestImages.MakePng(1);
        var arrived = new TaskCompletionSource();
        await using var origin = await OriginServer.StartAsync(async context =>
        {
            await arrived.Task.WaitAsync(context.RequestAborted);
            await context.Response.Body.WriteAsync(content, context.RequestAborted);
        });
        await using var cluster = await FetchCluster.StartAsync(postgres, origin.Port);

        var url = $"http://127.0.0.1:{origin.Port}/picture";
        var requests = Enumerable.Range(0, 100).Select(_ => cluster.GetAsync(url)).ToList();
        await Until.TrueAsync("the origin is asked", () => Task.FromResult(origin.Requests.Count > 0));

        // These come while the job runs, so that another one may be enqueued.
        requests.AddRange(Enumerable.Range(0, 100).Select(_ => cluster.GetAsync(url)));
        await Until.TrueAsync("another job has ended", async () => await cluster.ExecuteAsync("SELECT count(*) FROM jobs") <= 2);
        arrived.SetResult();
        var answers = await Task.WhenAll(requests);

        Assert.EndsWith(".png", Assert.Single(answers.Distinct()), StringComparison.Ordinal);
        Assert.Single(origin.Requests);
    }

    [Fact]
    public async Task Old_content_is_revalidated_and_replaced_only_when_it_changed()
    {
        var version = 1;
        var unchanged = 0;
        await using var origin = await OriginServer.StartAsync(async context =>
        {
            if (context.Request.Headers.IfNoneMatch == $"\"{version}\"")
            {
                unchanged++;
                context.Response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }

            context.Response.Headers.ETag = $"\"{version}\"";
            await context.Response.Body.WriteAsync(TestImages.MakePng(version), context.RequestAborted);
        });
        await using var cluster = await FetchCluster.StartAsync(postgres, origin.Port);
        var url = $"http://127.0.0.1:{origin.Port}/picture";

        var first = await cluster.GetAsync(url);
        Assert.Equal(first, await cluster.GetAsync(url));
        Assert.Single(origin.Requests);

        await cluster.ExecuteAsync(Stale);
        Assert.Equal(first, await cluster.GetAsync(url));
        Assert.Equal((1, 2), (unchanged, origin.Requests.Count));

        version = 2;
        await cluster.ExecuteAsync(Stale);
        var second = await cluster.GetAsync(url);

        Assert.NotEqual(first, second);
        Assert.EndsWith(".png", second, StringComparison.Ordinal);
        Assert.Equal(1, await cluster.ExecuteAsync("SELECT count(*) FROM image_aliases"));
        Assert.Equal(1, await cluster.ExecuteAsync("SELECT count(*) FROM images"));
        Assert.Equal(1, await cluster.ExecuteAsync("SELECT count(*) FROM image_proxies"));
    }

    [Fact]
    public async Task A_failure_is_the_answer_for_a_while_and_the_origin_is_not_asked_again()
    {
        await using var origin = await OriginServer.StartAsync(context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
        await using var cluster = await FetchCluster.StartAsync(postgres, origin.Port);
        var url = $"http://127.0.0.1:{origin.Port}/nothing";

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => cluster.GetAsync(url)));

        Assert.Equal("origin-status", Assert.Single(answers.Distinct()));
        Assert.Equal("origin-status", await cluster.GetAsync(url));
        Assert.Single(origin.Requests);

        await cluster.ExecuteAsync("UPDATE image_proxy_failures SET expires_at = now()");
        await cluster.GetAsync(url);
        Assert.Equal(2, origin.Requests.Count);
    }

    [Fact]
    public async Task Old_content_is_sent_while_its_origin_fails_but_not_for_ever()
    {
        var isDown = false;
        await using var origin = await OriginServer.StartAsync(async context =>
        {
            if (isDown)
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            }

            await context.Response.Body.WriteAsync(TestImages.MakePng(3), context.RequestAborted);
        });
        await using var cluster = await FetchCluster.StartAsync(postgres, origin.Port);
        var url = $"http://127.0.0.1:{origin.Port}/picture";
        var alias = await cluster.GetAsync(url);
        isDown = true;

        await cluster.ExecuteAsync(Stale);
        Assert.Equal(alias, await cluster.GetAsync(url));

        await cluster.ExecuteAsync("UPDATE image_proxies SET fresh_until = now() - interval '2 days'");
        Assert.Equal("origin-status", await cluster.GetAsync(url));
    }

    [Theory]
    [InlineData("<html><script>alert(1)</script>", "media-disallowed")]
    [InlineData("some text", "media-disallowed")]
    [InlineData("\u0089 unknown bytes \u0001\u0002", "image-unreadable")]
    public async Task Content_is_judged_by_its_bytes_and_not_by_its_header(string content, string code)
    {
        await using var origin = await OriginServer.StartAsync(context =>
        {
            context.Response.ContentType = "image/png";
            return context.Response.WriteAsync(content, System.Text.Encoding.Latin1, context.RequestAborted);
        });
        await using var cluster = await FetchCluster.StartAsync(postgres, origin.Port);

        Assert.Equal(code, await cluster.GetAsync($"http://127.0.0.1:{origin.Port}/picture.png"));
        Assert.Equal(0, await cluster.ExecuteAsync("SELECT count(*) FROM images"));
    }

    [Fact]
    public async Task The_row_of_a_proxied_url_goes_with_its_alias_never_before_it()
    {
        await using var origin = await OriginServer.StartAsync(
            async context => await context.Response.Body.WriteAsync(TestImages.MakePng(4), context.RequestAborted));
        await using var cluster = await FetchCluster.StartAsync(postgres, origin.Port);
        var url = $"http://127.0.0.1:{origin.Port}/picture";
        var read = await cluster.GetAsync(url);
        await cluster.GetAsync(url + "/unread");
        await cluster.ExecuteAsync(
            $"UPDATE image_aliases SET accessed_at = now() - interval '8 days' WHERE alias <> '{read}'");

        // The row of the address cannot be removed alone: it is kept as long as the alias.
        Assert.Equal(1, await cluster.SweepAsync());

        Assert.Equal(1, await cluster.ExecuteAsync("SELECT count(*) FROM image_proxies"));
        Assert.Equal(1, await cluster.ExecuteAsync("SELECT count(*) FROM image_aliases"));
        Assert.Equal(read, await cluster.GetAsync(url));
        Assert.Equal(2, origin.Requests.Count);
        Assert.Equal(0, await cluster.SweepAsync());
    }

    [Fact]
    public async Task Requests_that_are_not_to_be_fetched_reach_no_origin()
    {
        await using var origin = await OriginServer.StartAsync(
            async context => await context.Response.Body.WriteAsync(TestImages.MakePng(5), context.RequestAborted));
        await using var cluster = await FetchCluster.StartAsync(postgres, origin.Port);
        var url = $"http://127.0.0.1:{origin.Port}/picture";

        Assert.Equal("proxy-not-found", await cluster.GetAsync(url, mayFetch: false));
        Assert.Equal("proxy-loop", await cluster.GetAsync(url, via: $"1.1 {RemoteFetcher.ViaToken}"));
        Assert.Equal("url-refused", await cluster.GetAsync($"ftp://127.0.0.1:{origin.Port}/picture"));
        Assert.Equal("url-invalid", await cluster.GetAsync("picture"));
        Assert.Equal("url-refused", await cluster.GetAsync($"http://127.0.0.2:{origin.Port}/picture"));
        Assert.Empty(origin.Requests);
    }

    [Fact]
    public async Task A_disabled_proxy_refuses_all()
    {
        await using var origin = await OriginServer.StartAsync(context => context.Response.WriteAsync("picture"));
        await using var cluster = await FetchCluster.StartAsync(postgres, origin.Port, ("Images:Proxy:Enabled", "false"));

        Assert.Equal("proxy-disabled", await cluster.GetAsync($"http://127.0.0.1:{origin.Port}/picture"));
        Assert.Empty(origin.Requests);
    }

    [Theory]
    [InlineData(null, "1.00:00:00")]
    [InlineData("00:00:00", "00:01:00")]
    [InlineData("00:10:00", "00:10:00")]
    [InlineData("365.00:00:00", "7.00:00:00")]
    public void Bound_FreshnessOfAnOrigin_WithinTheLimits(string? origin, string expected) => Assert.Equal(
        TimeSpan.Parse(expected, System.Globalization.CultureInfo.InvariantCulture),
        new ProxyOptions().Bound(origin is null ? null : TimeSpan.Parse(origin, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void Validate_TimesOutOfOrder_Fails() => Assert.True(
        new ProxyTimesValidator().Validate(null, new ProxyOptions { MinFresh = TimeSpan.FromDays(2) }).Failed);
}
