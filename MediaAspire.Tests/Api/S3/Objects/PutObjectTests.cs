using System.Net;
using System.Security.Cryptography;
using System.Text;
using MediaAspire.Core.Buckets;
using MediaAspire.Core.Objects;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.S3.Objects;

public sealed class PutObjectTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private S3TestHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await S3TestHost.StartAsync(postgres);
        await _host.CreateBucketAsync("first");
    }

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_536)]
    [InlineData(5_000_001)]
    public async Task An_object_comes_back_as_it_was_put(int size)
    {
        var body = RandomNumberGenerator.GetBytes(size);

        using var put = await _host.PutAsync("/first/a", body);
        using var got = await _host.GetAsync("/first/a");

        await put.AssertStatusAsync(200);
        await got.AssertStatusAsync(200);
        Assert.Equal(body, await got.Content.ReadAsByteArrayAsync());
        Assert.Equal(Bodies.ETagOf(body), put.Header("ETag"));
        Assert.Equal(Bodies.ETagOf(body), got.Header("ETag"));
        Assert.Equal($"{size}", got.Header("Content-Length"));
        Assert.Equal("binary/octet-stream", got.Header("Content-Type"));
        Assert.Equal("bytes", got.Header("Accept-Ranges"));
        Assert.Null(put.Header("x-amz-version-id"));
        Assert.Null(got.Header("x-amz-version-id"));
        Assert.NotNull(put.Header("x-amz-checksum-crc64nvme"));
        Assert.Null(got.Header("x-amz-checksum-crc64nvme"));
    }

    [Theory]
    [InlineData("a//b")]
    [InlineData("../x")]
    [InlineData("a/./b/../../c")]
    [InlineData("folder/")]
    [InlineData("/")]
    [InlineData("%20%25%2B+&=%3F")]
    [InlineData("%E2%82%AC/%F0%9F%98%80")]
    [InlineData("%01%7F")]
    public async Task Keys_are_never_tidied(string key)
    {
        using var put = await _host.PutAsync($"/first/{key}", [1, 2, 3]);
        using var got = await _host.GetAsync($"/first/{key}");

        await put.AssertStatusAsync(200);
        Assert.Equal([1, 2, 3], await got.Content.ReadAsByteArrayAsync());
        Assert.Equal(1, await _host.Files.CountAsync("SELECT count(*) FROM objects"));
        using var other = await _host.GetAsync("/first/c");
        await other.AssertErrorAsync(404, "NoSuchKey");
    }

    [Fact]
    public async Task What_is_put_with_an_object_comes_back()
    {
        using var put = await _host.PutAsync(
            "/first/a",
            [1],
            ("Content-Type", "text/plain; charset=x"),
            ("Cache-Control", "max-age=5, foo"),
            ("Content-Disposition", "attachment; filename=\"a.txt\""),
            ("Content-Encoding", "gzip, aws-chunked"),
            ("Content-Language", "de"),
            ("Expires", "some day"),
            ("x-amz-meta-Foo", "Bar  baz"),
            ("x-amz-meta-empty", ""),
            ("x-amz-tagging", "foo=bar&b%20c=%2F&d"),
            ("x-amz-foo", "ignored"));
        await put.AssertStatusAsync(200);

        foreach (var got in new[] { await _host.GetAsync("/first/a"), await _host.HeadAsync("/first/a") })
        {
            using (got)
            {
                await got.AssertStatusAsync(200);
                Assert.Equal("text/plain; charset=x", got.Header("Content-Type"));
                Assert.Equal("max-age=5, foo", got.Header("Cache-Control"));
                Assert.Equal("attachment; filename=\"a.txt\"", got.Header("Content-Disposition"));
                Assert.Equal("gzip", got.Header("Content-Encoding"));
                Assert.Equal("de", got.Header("Content-Language"));
                Assert.Equal("some day", got.Header("Expires"));
                Assert.Equal("Bar  baz", got.Header("x-amz-meta-foo"));
                Assert.Equal("", got.Header("x-amz-meta-empty"));
                Assert.Equal("3", got.Header("x-amz-tagging-count"));
                Assert.Equal("1", got.Header("Content-Length"));
                Assert.Null(got.Header("x-amz-foo"));
            }
        }

        var stored = await FindAsync("a");
        Assert.Equal(
            [new("b c", "/"), new("d", ""), new("foo", "bar")],
            stored.Attributes.Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal));
        Assert.Equal(S3TestHost.Owner, stored.Attributes.OwnerId);
    }

    [Theory]
    [InlineData("H\u00e4llo", "Latin1")]
    [InlineData("H\u00e4llo \u20ac \u00c0", "utf-8")]
    public async Task Metadata_goes_back_in_the_bytes_that_it_came_in(string value, string encoding)
    {
        using var handler = new SocketsHttpHandler
        {
            RequestHeaderEncodingSelector = (_, _) => Encoding.GetEncoding(encoding),
            ResponseHeaderEncodingSelector = (_, _) => Encoding.GetEncoding(encoding),
        };
        using var client = new HttpClient(handler);
        using var put = _host.Request(
            HttpMethod.Put, "/first/a", (HeaderAuthenticator.OwnerHeader, S3TestHost.Owner), ("x-amz-meta-a", value));
        put.Content = new ByteArrayContent([1]);
        if (encoding == "utf-8")
        {
            put.Content.Headers.TryAddWithoutValidation("Content-Disposition", value);
        }

        using var stored = await client.SendAsync(put);
        using var get = _host.Request(HttpMethod.Head, "/first/a", (HeaderAuthenticator.OwnerHeader, S3TestHost.Owner));
        using var got = await client.SendAsync(get);

        Assert.Equal(HttpStatusCode.OK, stored.StatusCode);
        Assert.Equal(value, got.Header("x-amz-meta-a"));
        Assert.Equal(encoding == "utf-8" ? value : null, got.Header("Content-Disposition"));
    }

    [Fact]
    public async Task An_overwritten_object_has_nothing_of_the_old_one()
    {
        using var first = await _host.PutAsync(
            "/first/a", [1, 2, 3], ("x-amz-meta-a", "1"), ("x-amz-tagging", "a=b"), ("Cache-Control", "no-store"));
        using var second = await _host.PutAsync("/first/a", [4], ("x-amz-meta-b", "2"));

        using var got = await _host.GetAsync("/first/a");

        Assert.Equal([4], await got.Content.ReadAsByteArrayAsync());
        Assert.Null(got.Header("x-amz-meta-a"));
        Assert.Equal("2", got.Header("x-amz-meta-b"));
        Assert.Null(got.Header("Cache-Control"));
        Assert.Null(got.Header("x-amz-tagging-count"));
        Assert.Equal(1, await _host.Files.CountAsync("SELECT count(*) FROM objects"));
        Assert.Equal(1, await _host.Files.CountAsync("SELECT count(*) FROM files WHERE upload_status = 'deleted' AND holders = 0"));
        Assert.Equal(1, await _host.Files.CountAsync("SELECT count(*) FROM files WHERE upload_status = 'completed' AND holders = 1"));
    }

    [Fact]
    public async Task A_put_may_be_made_of_what_the_key_is()
    {
        using var created = await _host.PutAsync("/first/a", [1], ("If-None-Match", "*"));
        using var again = await _host.PutAsync("/first/a", [2], ("If-None-Match", "*"));
        using var same = await _host.PutAsync("/first/a", [2], ("If-None-Match", created.Header("ETag")!));
        using var wrong = await _host.PutAsync("/first/a", [2], ("If-Match", "\"00\""));
        using var right = await _host.PutAsync("/first/a", [3], ("If-Match", created.Header("ETag")!));
        using var outdated = await _host.PutAsync("/first/a", [4], ("If-Match", created.Header("ETag")!));
        using var missing = await _host.PutAsync("/first/b", [4], ("If-Match", "*"));
        using var other = await _host.PutAsync("/first/a", [5], ("If-None-Match", "badetag"));

        await created.AssertStatusAsync(200);
        await again.AssertErrorAsync(412, "PreconditionFailed");
        await same.AssertErrorAsync(412, "PreconditionFailed");
        await wrong.AssertErrorAsync(412, "PreconditionFailed");
        await right.AssertStatusAsync(200);
        await outdated.AssertErrorAsync(412, "PreconditionFailed");
        await missing.AssertErrorAsync(404, "NoSuchKey");
        await other.AssertStatusAsync(200);
        Assert.Equal([5], await _host.GetBytesAsync("/first/a"));
        Assert.Equal(3, await _host.Files.CountAsync("SELECT count(*) FROM files"));
    }

    [Fact]
    public async Task Of_twenty_that_create_a_key_at_once_one_wins()
    {
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(i => _host.PutAsync("/first/a", [(byte)i], ("If-None-Match", "*"))));

        var winner = Assert.Single(Enumerable.Range(0, 20), i => answers[i].StatusCode == HttpStatusCode.OK);
        foreach (var loser in answers.Where((_, i) => i != winner))
        {
            await loser.AssertErrorAsync(412, "PreconditionFailed");
        }

        Assert.Equal([(byte)winner], await _host.GetBytesAsync("/first/a"));
        Assert.Equal(1, await _host.Files.CountAsync("SELECT count(*) FROM files"));
        Assert.Single(_host.Cluster.Nodes[0].Files);
    }

    [Fact]
    public async Task Versions_are_told_where_there_are_any()
    {
        await _host.CreateBucketAsync("kept", versioning: BucketVersioning.Enabled);
        var suspended = await _host.CreateBucketAsync("suspended", versioning: BucketVersioning.Suspended);

        using var one = await _host.PutAsync("/kept/a", [1]);
        using var two = await _host.PutAsync("/kept/a", [2]);
        using var three = await _host.PutAsync("/suspended/a", [3]);

        Assert.NotNull(one.Header("x-amz-version-id"));
        Assert.NotEqual(one.Header("x-amz-version-id"), two.Header("x-amz-version-id"));
        Assert.Null(three.Header("x-amz-version-id"));
        Assert.Equal([1], await _host.GetBytesAsync($"/kept/a?versionId={one.Header("x-amz-version-id")}"));
        Assert.Equal([2], await _host.GetBytesAsync("/kept/a"));
        Assert.Equal([3], await _host.GetBytesAsync("/suspended/a?versionId=null"));
        Assert.True((await _host.Objects.FindAsync(suspended.Id, "a", CancellationToken.None))!.IsNull);
    }

    private async Task<ObjectVersion> FindAsync(string key)
    {
        var bucket = await _host.Buckets.FindAsync("first", CancellationToken.None);
        var version = await _host.Objects.FindAsync(bucket!.Id, key, CancellationToken.None);
        Assert.NotNull(version);
        return version;
    }
}
