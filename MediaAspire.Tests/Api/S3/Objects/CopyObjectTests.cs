using MediaAspire.Core.Buckets;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.S3.Objects;

public sealed class CopyObjectTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private static readonly byte[] s_body = Bodies.Random(100_000);

    private S3TestHost _host = null!;
    private Bucket _bucket = null!;

    public async Task InitializeAsync()
    {
        _host = await S3TestHost.StartAsync(postgres);
        _bucket = await _host.CreateBucketAsync("first");
        await _host.CreateBucketAsync("second");
        using var put = await _host.PutAsync(
            "/first/a",
            s_body,
            ("Content-Type", "text/plain"),
            ("Cache-Control", "no-store"),
            ("x-amz-meta-a", "1"),
            ("x-amz-tagging", "a=1"));
        await put.AssertStatusAsync(200);
    }

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Fact]
    public async Task A_copy_shares_the_bytes_and_outlives_its_source()
    {
        using var copied = await CopyAsync("/second/b", "first/a");
        using var deleted = await _host.DeleteAsync("/first/a");

        await copied.AssertStatusAsync(200);
        Assert.Equal(Bodies.ETagOf(s_body), (await copied.XmlAsync()).Elements().Single(element => element.Name.LocalName == "ETag").Value);
        using var got = await _host.GetAsync("/second/b");
        Assert.Equal(s_body, await got.Content.ReadAsByteArrayAsync());
        Assert.Equal("text/plain", got.Header("Content-Type"));
        Assert.Equal("no-store", got.Header("Cache-Control"));
        Assert.Equal("1", got.Header("x-amz-meta-a"));
        Assert.Equal("1", got.Header("x-amz-tagging-count"));
        Assert.Equal(1, await _host.Files.CountAsync("SELECT count(*) FROM files"));
        Assert.Equal(1, await _host.Files.CountAsync("SELECT holders FROM files WHERE upload_status = 'completed'"));

        using var last = await _host.DeleteAsync("/second/b");
        Assert.Equal(1, await _host.Files.CountAsync("SELECT count(*) FROM files WHERE upload_status = 'deleted' AND holders = 0"));
    }

    [Fact]
    public async Task A_copy_may_have_metadata_and_tags_of_its_own()
    {
        using var metadata = await CopyAsync(
            "/first/b", "/first/a", ("x-amz-metadata-directive", "REPLACE"), ("x-amz-meta-b", "2"), ("Content-Type", "a/b"));
        using var tags = await CopyAsync(
            "/first/c", "/first/a", ("x-amz-tagging-directive", "REPLACE"), ("x-amz-tagging", "x=1&y=2"), ("x-amz-meta-b", "2"));
        using var wrong = await CopyAsync("/first/d", "/first/a", ("x-amz-metadata-directive", "KEEP"));

        using var b = await _host.HeadAsync("/first/b");
        Assert.Equal("2", b.Header("x-amz-meta-b"));
        Assert.Null(b.Header("x-amz-meta-a"));
        Assert.Null(b.Header("Cache-Control"));
        Assert.Equal("a/b", b.Header("Content-Type"));
        Assert.Equal("1", b.Header("x-amz-tagging-count"));
        using var c = await _host.HeadAsync("/first/c");
        Assert.Equal("1", c.Header("x-amz-meta-a"));
        Assert.Null(c.Header("x-amz-meta-b"));
        Assert.Equal("2", c.Header("x-amz-tagging-count"));
        await wrong.AssertErrorAsync(400, "InvalidArgument");
    }

    [Fact]
    public async Task Onto_itself_something_has_to_change()
    {
        using var nothing = await CopyAsync("/first/a", "first/a");
        using var metadata = await CopyAsync("/first/a", "first/a", ("x-amz-metadata-directive", "REPLACE"), ("x-amz-meta-b", "2"));

        await nothing.AssertErrorAsync(400, "InvalidRequest");
        await metadata.AssertStatusAsync(200);
        using var got = await _host.GetAsync("/first/a");
        Assert.Equal(s_body, await got.Content.ReadAsByteArrayAsync());
        Assert.Equal("2", got.Header("x-amz-meta-b"));
        Assert.Equal(1, await _host.Files.CountAsync("SELECT holders FROM files WHERE upload_status = 'completed'"));
    }

    [Fact]
    public async Task An_older_version_is_restored_by_copying_it_onto_its_key()
    {
        await _host.CreateBucketAsync("kept", versioning: BucketVersioning.Enabled);
        using var one = await _host.PutAsync("/kept/a", [1]);
        using var two = await _host.PutAsync("/kept/a", [2]);
        using var marker = await _host.DeleteAsync("/kept/gone");

        using var restored = await CopyAsync("/kept/a", $"kept/a?versionId={one.Header("x-amz-version-id")}");
        using var current = await CopyAsync("/kept/a", $"kept/a?versionId={restored.Header("x-amz-version-id")}");
        using var gone = await CopyAsync("/kept/a", "kept/gone");
        using var named = await CopyAsync("/kept/a", $"kept/gone?versionId={marker.Header("x-amz-version-id")}");

        await restored.AssertStatusAsync(200);
        Assert.Equal(one.Header("x-amz-version-id"), restored.Header("x-amz-copy-source-version-id"));
        Assert.NotNull(restored.Header("x-amz-version-id"));
        Assert.Equal([1], await _host.GetBytesAsync("/kept/a"));
        await current.AssertErrorAsync(400, "InvalidRequest");
        await gone.AssertErrorAsync(404, "NoSuchKey");
        await named.AssertErrorAsync(400, "InvalidRequest");
    }

    [Theory]
    [InlineData("anyfilename%.txt", "anyfilename%25.txt")]
    [InlineData("anyfilename%25.txt", "anyfilename%2525.txt")]
    [InlineData("a+b c", "a+b%20c")]
    [InlineData("?versionId", "%3FversionId")]
    [InlineData("\u20ac/\U0001F600", "%E2%82%AC%2F%F0%9F%98%80")]
    public async Task A_source_is_decoded_once(string key, string encoded)
    {
        using var put = await _host.PutAsync("/first/" + Uri.EscapeDataString(key), [9]);

        using var copied = await CopyAsync("/first/copy", "first/" + encoded);

        await copied.AssertStatusAsync(200);
        Assert.Equal([9], await _host.GetBytesAsync("/first/copy"));
    }

    [Theory]
    [InlineData("first", 400, "InvalidArgument")]
    [InlineData("first/", 400, "InvalidArgument")]
    [InlineData("first/b", 404, "NoSuchKey")]
    [InlineData("nowhere/b", 404, "NoSuchBucket")]
    [InlineData("first/a?versionId=rubbish", 400, "InvalidArgument")]
    public async Task A_source_that_is_not_there_is_refused(string source, int status, string code)
    {
        using var copied = await CopyAsync("/first/c", source);

        await copied.AssertErrorAsync(status, code);
    }

    [Fact]
    public async Task A_source_of_another_owner_has_to_be_readable()
    {
        await _host.CreateBucketAsync("bobs", owner: "bob");

        using var copied = await _host.SendAsync(HttpMethod.Put, "/bobs/a", [], "bob", ("x-amz-copy-source", "first/a"));
        using var missing = await _host.SendAsync(HttpMethod.Put, "/bobs/a", [], "bob", ("x-amz-copy-source", "first/z"));

        await copied.AssertErrorAsync(403, "AccessDenied");
        await missing.AssertErrorAsync(403, "AccessDenied");
    }

    [Fact]
    public async Task Conditions_on_the_source_are_answered_with_412()
    {
        using var match = await CopyAsync("/first/b", "first/a", ("x-amz-copy-source-if-match", "\"bad\""));
        using var noneMatch = await CopyAsync("/first/b", "first/a", ("x-amz-copy-source-if-none-match", Bodies.ETagOf(s_body)));
        using var good = await CopyAsync("/first/b", "first/a", ("x-amz-copy-source-if-match", Bodies.ETagOf(s_body)));
        using var taken = await CopyAsync("/first/b", "first/a", ("If-None-Match", "*"));

        await match.AssertErrorAsync(412, "PreconditionFailed");
        await noneMatch.AssertErrorAsync(412, "PreconditionFailed");
        await good.AssertStatusAsync(200);
        await taken.AssertErrorAsync(412, "PreconditionFailed");
    }

    [Fact]
    public async Task Another_checksum_is_computed_from_the_bytes()
    {
        await ComposedObject.MakeAsync(_host, _bucket, "parts", [s_body[..60_000], s_body[60_000..]]);
        using var sha1 = await CopyAsync("/first/b", "first/a", ("x-amz-checksum-algorithm", "SHA1"));
        using var parts = await CopyAsync("/first/c", "first/parts", ("x-amz-checksum-algorithm", "SHA1"));
        using var unknown = await CopyAsync("/first/d", "first/a", ("x-amz-checksum-algorithm", "MD4"));

#pragma warning disable CA5350 // The checksum that was asked for.
        var expected = Convert.ToBase64String(System.Security.Cryptography.SHA1.HashData(s_body));
#pragma warning restore CA5350
        foreach (var key in new[] { "b", "c" })
        {
            using var head = await _host.HeadAsync("/first/" + key, ("x-amz-checksum-mode", "ENABLED"));
            Assert.Equal(expected, head.Header("x-amz-checksum-sha1"));
        }

        Assert.Equal(s_body, await _host.GetBytesAsync("/first/c"));
        await unknown.AssertErrorAsync(400, "InvalidRequest");
    }

    private Task<HttpResponseMessage> CopyAsync(string target, string source, params (string, string)[] headers) =>
        _host.PutAsync(target, [], [("x-amz-copy-source", source), .. headers]);
}
