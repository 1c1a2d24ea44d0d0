using System.Globalization;
using MediaAspire.Core.Buckets;
using MediaAspire.Core.Ids;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.S3.Objects;

public sealed class GetObjectTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private static readonly byte[] s_body = Bodies.Random(300_000);

    private S3TestHost _host = null!;
    private Bucket _bucket = null!;

    public async Task InitializeAsync()
    {
        _host = await S3TestHost.StartAsync(postgres);
        _bucket = await _host.CreateBucketAsync("first");
        using var put = await _host.PutAsync("/first/a", s_body, ("Content-Type", "text/plain"), ("Cache-Control", "no-store"));
        await put.AssertStatusAsync(200);
    }

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Theory]
    [InlineData("bytes=4-7", 4, 4)]
    [InlineData("bytes=299999-", 299_999, 1)]
    [InlineData("bytes=0-999999", 0, 300_000)]
    [InlineData("bytes=-7", 299_993, 7)]
    [InlineData("bytes=-999999", 0, 300_000)]
    [InlineData("bytes=70000-200000", 70_000, 130_001)]
    public async Task A_range_is_answered_with_206(string range, int offset, int length)
    {
        using var got = await _host.GetAsync("/first/a", ("Range", range));
        using var head = await _host.HeadAsync("/first/a", ("Range", range));

        await got.AssertStatusAsync(206);
        Assert.Equal(s_body[offset..(offset + length)], await got.Content.ReadAsByteArrayAsync());
        Assert.Equal($"bytes {offset}-{offset + length - 1}/300000", got.Header("Content-Range"));
        await head.AssertStatusAsync(206);
        Assert.Equal($"{length}", head.Header("Content-Length"));
    }

    [Theory]
    [InlineData("bytes=7-4")]
    [InlineData("bytes=a-b")]
    [InlineData("lines=1-2")]
    [InlineData("bytes=0-1,5-6")]
    public async Task A_range_that_is_none_is_passed_over(string range)
    {
        using var got = await _host.GetAsync("/first/a", ("Range", range));

        await got.AssertStatusAsync(200);
        Assert.Equal(s_body, await got.Content.ReadAsByteArrayAsync());
        Assert.Null(got.Header("Content-Range"));
    }

    [Theory]
    [InlineData("a", "bytes=300000-")]
    [InlineData("a", "bytes=-0")]
    [InlineData("empty", "bytes=0-")]
    [InlineData("empty", "bytes=-5")]
    public async Task A_range_beyond_the_end_is_answered_with_416(string key, string range)
    {
        using var put = await _host.PutAsync("/first/empty", []);

        using var got = await _host.GetAsync($"/first/{key}", ("Range", range));

        await got.AssertErrorAsync(416, "InvalidRange");
        Assert.Null(got.Header("ETag"));
    }

    [Fact]
    public async Task Conditions_are_judged_in_the_order_of_the_standard()
    {
        using var head = await _host.HeadAsync("/first/a");
        var tag = head.Header("ETag")!;
        var modified = DateTimeOffset.Parse(head.Header("Last-Modified")!, CultureInfo.InvariantCulture);
        var (before, after) = (modified.AddSeconds(-10).ToString("R"), modified.AddSeconds(10).ToString("R"));

        await AssertStatusAsync(200, ("If-Match", tag));
        await AssertStatusAsync(200, ("If-Match", tag.Trim('"')));
        await AssertStatusAsync(200, ("If-Match", "*"));
        await AssertStatusAsync(200, ("If-Match", $"\"1\", {tag}"));
        await AssertStatusAsync(412, ("If-Match", "\"1\""));
        await AssertStatusAsync(304, ("If-None-Match", tag));
        await AssertStatusAsync(304, ("If-None-Match", tag.Trim('"')));
        await AssertStatusAsync(200, ("If-None-Match", "\"1\""));
        await AssertStatusAsync(304, ("If-Modified-Since", modified.ToString("R")));
        await AssertStatusAsync(304, ("If-Modified-Since", after));
        await AssertStatusAsync(200, ("If-Modified-Since", before));
        await AssertStatusAsync(412, ("If-Unmodified-Since", before));
        await AssertStatusAsync(200, ("If-Unmodified-Since", modified.ToString("R")));
        await AssertStatusAsync(200, ("If-Match", tag), ("If-Unmodified-Since", before));
        await AssertStatusAsync(304, ("If-None-Match", tag), ("If-Modified-Since", before));
        await AssertStatusAsync(200, ("If-None-Match", "\"1\""), ("If-Modified-Since", after));
        await AssertStatusAsync(200, ("If-Modified-Since", "rubbish"));
    }

    [Fact]
    public async Task A_304_names_the_entity_and_has_no_body()
    {
        using var got = await _host.GetAsync("/first/a", ("If-None-Match", Bodies.ETagOf(s_body)));

        await got.AssertStatusAsync(304);
        Assert.Equal(Bodies.ETagOf(s_body), got.Header("ETag"));
        Assert.NotNull(got.Header("Last-Modified"));
        Assert.Empty(await got.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task The_query_overrides_headers_of_the_answer()
    {
        const string query = "?response-content-type=foo%2Fbar&response-content-language=esperanto"
            + "&response-expires=123&response-cache-control=no-cache"
            + "&response-content-disposition=bla%20%E2%82%AC&response-content-encoding=aaa";

        using var got = await _host.GetAsync("/first/a" + query);
        using var split = await _host.GetAsync("/first/a?response-content-type=a%0D%0AX-Foo:%20b");
        using var nobody = await _host.SendAsync(HttpMethod.Get, "/first/a" + query, owner: null);

        await got.AssertStatusAsync(200);
        Assert.Equal("foo/bar", got.Header("Content-Type"));
        Assert.Equal("esperanto", got.Header("Content-Language"));
        Assert.Equal("123", got.Header("Expires"));
        Assert.Equal("no-cache", got.Header("Cache-Control"));
        Assert.Equal("aaa", got.Header("Content-Encoding"));
        Assert.StartsWith("bla ", got.Header("Content-Disposition"), StringComparison.Ordinal);
        await split.AssertErrorAsync(400, "InvalidArgument");
        await nobody.AssertErrorAsync(400, "InvalidRequest");
    }

    [Theory]
    [InlineData("bob")]
    [InlineData(null)]
    public async Task A_header_of_copies_opens_nothing(string? sender)
    {
        var nothing = ("x-amz-copy-source", $"first/a?versionId={new string('0', 32)}");

        using var got = await _host.SendAsync(HttpMethod.Get, "/first/a", body: null, sender, nothing);
        using var tags = await _host.SendAsync(HttpMethod.Get, "/first/a?tagging", body: null, sender, nothing);
        using var untagged = await _host.SendAsync(HttpMethod.Delete, "/first/a?tagging", body: null, sender, nothing);

        await got.AssertErrorAsync(403, "AccessDenied");
        await tags.AssertErrorAsync(403, "AccessDenied");
        await untagged.AssertErrorAsync(403, "AccessDenied");
    }

    [Fact]
    public async Task What_is_not_there_is_told_by_its_code()
    {
        using var key = await _host.GetAsync("/first/b");
        using var head = await _host.HeadAsync("/first/b");
        using var version = await _host.GetAsync($"/first/a?versionId={VersionId.New(TimeProvider.System)}");
        using var rubbish = await _host.GetAsync("/first/a?versionId=rubbish");

        await key.AssertErrorAsync(404, "NoSuchKey");
        Assert.Equal("false", key.Header("x-amz-delete-marker"));
        await head.AssertStatusAsync(404);
        Assert.Equal("false", head.Header("x-amz-delete-marker"));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        await version.AssertErrorAsync(404, "NoSuchVersion");
        await rubbish.AssertErrorAsync(400, "InvalidArgument");
    }

    [Fact]
    public async Task An_object_put_at_once_has_one_part()
    {
        using var first = await _host.GetAsync("/first/a?partNumber=1");
        using var second = await _host.GetAsync("/first/a?partNumber=2");
        using var zeroth = await _host.GetAsync("/first/a?partNumber=0");
        using var ranged = await _host.GetAsync("/first/a?partNumber=1", ("Range", "bytes=1-2"));

        await first.AssertStatusAsync(206);
        Assert.Equal(s_body, await first.Content.ReadAsByteArrayAsync());
        Assert.Null(first.Header("x-amz-mp-parts-count"));
        await second.AssertErrorAsync(400, "InvalidPart");
        await zeroth.AssertErrorAsync(400, "InvalidArgument");
        await ranged.AssertErrorAsync(400, "InvalidRequest");
    }

    [Fact]
    public async Task An_object_of_parts_is_read_across_their_borders()
    {
        await ComposedObject.MakeAsync(_host, _bucket, "parts", [s_body[..100_000], s_body[100_000..100_001], s_body[100_001..]]);

        using var whole = await _host.GetAsync("/first/parts");
        using var range = await _host.GetAsync("/first/parts", ("Range", "bytes=99998-100002"));
        using var second = await _host.GetAsync("/first/parts?partNumber=2");
        using var head = await _host.HeadAsync("/first/parts?partNumber=3");
        using var missing = await _host.GetAsync("/first/parts?partNumber=4");
        using var attributes = await _host.GetAsync(
            "/first/parts?attributes",
            ("x-amz-object-attributes", "ObjectParts"),
            ("x-amz-max-parts", "1"),
            ("x-amz-part-number-marker", "1"));

        Assert.Equal(s_body, await whole.Content.ReadAsByteArrayAsync());
        Assert.Null(whole.Header("x-amz-mp-parts-count"));
        Assert.Equal(s_body[99_998..100_003], await range.Content.ReadAsByteArrayAsync());
        await second.AssertStatusAsync(206);
        Assert.Equal("bytes 100000-100000/300000", second.Header("Content-Range"));
        Assert.Equal("3", second.Header("x-amz-mp-parts-count"));
        Assert.Equal(s_body[100_000..100_001], await second.Content.ReadAsByteArrayAsync());
        Assert.Equal("199999", head.Header("Content-Length"));
        await missing.AssertErrorAsync(400, "InvalidPart");
        var parts = (await attributes.XmlAsync()).Elements().Single();
        Assert.Equal("3|1|2|1|true|21", string.Join('|', parts.Elements().Select(element => element.Value)));
    }

    private async Task AssertStatusAsync(int status, params (string, string)[] headers)
    {
        using var got = await _host.GetAsync("/first/a", headers);
        using var head = await _host.HeadAsync("/first/a", headers);
        await got.AssertStatusAsync(status);
        await head.AssertStatusAsync(status);
    }
}
