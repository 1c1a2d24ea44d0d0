using MediaAspire.Core.Buckets;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.S3.Multipart;

/// <summary>Parts that are copied from objects.</summary>
public sealed class UploadPartCopyTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private static readonly byte[] s_source = Bodies.Random(100_000);

    private S3TestHost _host = null!;
    private TestUpload _upload = null!;

    public async Task InitializeAsync()
    {
        _host = await S3TestHost.StartAsync(postgres, settings: new Dictionary<string, string?> { ["S3:MinPartSize"] = "1" });
        await _host.CreateBucketAsync("first");
        using var put = await _host.PutAsync("/first/a%20source", s_source);
        await put.AssertStatusAsync(200);
        _upload = await TestUpload.BeginAsync(_host, "/first/copy", ("x-amz-checksum-algorithm", "CRC32"));
    }

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Fact]
    public async Task Whole_and_in_ranges_the_bytes_are_those_of_the_source()
    {
        var whole = await _upload.CopyAsync(1, "/first/a%20source");
        await _upload.CopyAsync(2, "first/a source", ("x-amz-copy-source-range", "bytes=0-0"));
        await _upload.CopyAsync(3, "first/a%20source", ("x-amz-copy-source-range", "bytes=50000-99999"));
        using var completed = await _upload.CompleteAsync();

        Assert.Equal(Bodies.ETagOf(s_source), whole.Text("ETag"));
        Assert.Equal(8, whole.Text("ChecksumCRC32").Length);
        Assert.EndsWith("Z", whole.Text("LastModified"), StringComparison.Ordinal);
        await completed.AssertStatusAsync(200);
        Assert.Equal((byte[])[.. s_source, s_source[0], .. s_source[50_000..]], await _host.GetBytesAsync("/first/copy"));
    }

    [Fact]
    public async Task A_range_across_the_parts_of_its_source_is_copied()
    {
        await _upload.PutAsync(1, s_source);
        await _upload.PutAsync(2, s_source[..10]);
        using (var completed = await _upload.CompleteAsync())
        {
            await completed.AssertStatusAsync(200);
        }

        var second = await TestUpload.BeginAsync(_host, "/first/second");
        await second.CopyAsync(1, "first/copy", ("x-amz-copy-source-range", "bytes=99999-100000"));
        using var copied = await second.CompleteAsync();

        await copied.AssertStatusAsync(200);
        Assert.Equal((byte[])[s_source[^1], s_source[0]], await _host.GetBytesAsync("/first/second"));
    }

    [Theory]
    [InlineData("bytes=0-100000", 416, "InvalidRange")]
    [InlineData("bytes=100000-100001", 416, "InvalidRange")]
    [InlineData("bytes=2-1", 400, "InvalidArgument")]
    [InlineData("bytes=0-", 400, "InvalidArgument")]
    [InlineData("bytes=-5", 400, "InvalidArgument")]
    [InlineData("bytes=0-1,3-4", 400, "InvalidArgument")]
    [InlineData("0-1", 400, "InvalidArgument")]
    [InlineData("bytes", 400, "InvalidArgument")]
    [InlineData("bytes=0-99999999999999999999", 400, "InvalidArgument")]
    public async Task A_range_that_is_none_or_goes_beyond_the_source_is_refused(string range, int status, string code)
    {
        using var answer = await _upload.SendCopyAsync(1, "first/a%20source", ("x-amz-copy-source-range", range));

        await answer.AssertErrorAsync(status, code);
        await AssertNoPartAsync();
    }

    [Fact]
    public async Task An_old_version_is_copied_by_its_name_and_a_marker_is_not()
    {
        await _host.CreateBucketAsync("versioned", versioning: BucketVersioning.Enabled);
        using var older = await _host.PutAsync("/versioned/v", s_source);
        using var newer = await _host.PutAsync("/versioned/v", "new"u8.ToArray());
        using var marker = await _host.DeleteAsync("/versioned/v");
        var name = older.Header("x-amz-version-id");

        using var hidden = await _upload.SendCopyAsync(1, "versioned/v");
        using var ofMarker = await _upload.SendCopyAsync(1, $"versioned/v?versionId={marker.Header("x-amz-version-id")}");
        using var unknown = await _upload.SendCopyAsync(1, "versioned/v?versionId=01990000000070008000000000000000");
        using var copied = await _upload.SendCopyAsync(1, $"versioned/v?versionId={name}");
        await _upload.CopyAsync(1, $"versioned/v?versionId={name}");
        using var completed = await _upload.CompleteAsync();

        await hidden.AssertErrorAsync(404, "NoSuchKey");
        await ofMarker.AssertErrorAsync(400, "InvalidRequest");
        await unknown.AssertErrorAsync(404, "NoSuchVersion");
        Assert.Equal(name, copied.Header("x-amz-copy-source-version-id"));
        await completed.AssertStatusAsync(200);
        Assert.Equal(s_source, await _host.GetBytesAsync("/first/copy"));
    }

    [Fact]
    public async Task What_its_sender_may_not_read_is_not_copied()
    {
        await _host.CreateBucketAsync("hers", owner: "bob");
        using (var put = await _host.SendAsync(HttpMethod.Put, "/hers/secret", s_source, owner: "bob"))
        {
            await put.AssertStatusAsync(200);
        }

        using var secret = await _upload.SendCopyAsync(1, "hers/secret");
        using var missing = await _upload.SendCopyAsync(1, "hers/nothing");
        using (var open = await _host.SendAsync(HttpMethod.Put, "/hers/secret?acl", owner: "bob", headers: ("x-amz-acl", "public-read")))
        {
            await open.AssertStatusAsync(200);
        }

        using var allowed = await _upload.SendCopyAsync(1, "hers/secret");

        await secret.AssertErrorAsync(403, "AccessDenied");
        await missing.AssertErrorAsync(403, "AccessDenied");
        await allowed.AssertStatusAsync(200);
    }

    [Theory]
    [InlineData("x-amz-copy-source-if-match", "\"00000000000000000000000000000000\"")]
    [InlineData("x-amz-copy-source-if-unmodified-since", "Sat, 01 Jan 2000 00:00:00 GMT")]
    public async Task A_condition_on_the_source_that_does_not_hold(string name, string value)
    {
        using var answer = await _upload.SendCopyAsync(1, "first/a%20source", (name, value));

        await answer.AssertErrorAsync(412, "PreconditionFailed");
        await AssertNoPartAsync();
    }

    [Theory]
    [InlineData("first/nothing", 404, "NoSuchKey")]
    [InlineData("nowhere/a", 404, "NoSuchBucket")]
    [InlineData("first", 400, "InvalidArgument")]
    [InlineData("/", 400, "InvalidArgument")]
    [InlineData("first/a%2", 400, "InvalidURI")]
    public async Task A_source_that_is_not_there(string source, int status, string code)
    {
        using var answer = await _upload.SendCopyAsync(1, source);

        await answer.AssertErrorAsync(status, code);
        await AssertNoPartAsync();
    }

    private async Task AssertNoPartAsync()
    {
        Assert.Equal(0, await _host.Files.CountAsync("SELECT count(*) FROM multipart_parts"));
        Assert.Equal(1, await _host.Files.CountAsync("SELECT count(*) FROM files"));
    }
}
