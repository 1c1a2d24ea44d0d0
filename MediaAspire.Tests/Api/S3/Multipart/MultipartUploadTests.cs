using System.Security.Cryptography;
using MediaAspire.Core.Buckets;
using MediaAspire.Core.Checksums;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.S3.Multipart;

/// <summary>Multipart uploads that end: completed or aborted.</summary>
public sealed class MultipartUploadTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private readonly byte[] _first = Bodies.Random(70_000);
    private readonly byte[] _second = Bodies.Random(66_000);
    private readonly byte[] _last = Bodies.Random(10);
    private S3TestHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await S3TestHost.StartAsync(postgres, settings: new Dictionary<string, string?> { ["S3:MinPartSize"] = "66000" });
        await _host.CreateBucketAsync("first");
    }

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Fact]
    public async Task Parts_in_any_order_become_one_object_with_what_its_creation_said()
    {
        var upload = await TestUpload.BeginAsync(
            _host,
            "/first/a",
            ("Content-Type", "video/mp4"),
            ("x-amz-meta-colour", "blue"),
            ("x-amz-tagging", "a=1&b=2"),
            ("Cache-Control", "no-store"),
            ("x-amz-acl", "public-read"));
        await upload.PutAsync(10_000, _last);
        await upload.PutAsync(1, Bodies.Random(66_001));
        await upload.PutAsync(7, _second);
        await upload.PutAsync(1, _first);
        using var before = await _host.GetAsync("/first/a");
        using var completed = await upload.CompleteAsync();
        using var got = await _host.SendAsync(HttpMethod.Get, "/first/a", owner: null);

        await before.AssertErrorAsync(404, "NoSuchKey");
        await completed.AssertStatusAsync(200);
        var result = await completed.XmlAsync();
        Assert.Equal("CompleteMultipartUploadResult", result.Name.LocalName);
        Assert.Equal(("first", "a", ETagOf(_first, _second, _last)), (result.Text("Bucket"), result.Text("Key"), result.Text("ETag")));
        Assert.Equal($"{_host.Address.GetLeftPart(UriPartial.Authority)}/first/a", result.Text("Location"));

        Assert.Equal((byte[])[.. _first, .. _second, .. _last], await got.Content.ReadAsByteArrayAsync());
        Assert.Equal(ETagOf(_first, _second, _last), got.Header("ETag"));
        Assert.Equal(("video/mp4", "no-store", "blue", "2"),
            (got.Header("Content-Type"), got.Header("Cache-Control"), got.Header("x-amz-meta-colour"), got.Header("x-amz-tagging-count")));
    }

    [Fact]
    public async Task A_completed_upload_is_read_by_parts_and_by_ranges_across_them()
    {
        var upload = await TestUpload.BeginAsync(_host, "/first/a");
        await upload.PutAsync(2, _first);
        await upload.PutAsync(5, _last);
        using (var completed = await upload.CompleteAsync())
        {
            await completed.AssertStatusAsync(200);
        }

        using var part = await _host.GetAsync("/first/a?partNumber=5");
        using var across = await _host.GetAsync("/first/a", ("Range", "bytes=69999-70001"));
        using var head = await _host.HeadAsync("/first/a?partNumber=2");

        await part.AssertStatusAsync(206);
        Assert.Equal(_last, await part.Content.ReadAsByteArrayAsync());
        Assert.Equal("2", part.Header("x-amz-mp-parts-count"));
        Assert.Equal((byte[])[_first[^1], _last[0], _last[1]], await across.Content.ReadAsByteArrayAsync());
        Assert.Equal("70000", head.Header("Content-Length"));
    }

    [Fact]
    public async Task Completed_with_some_of_its_parts_an_upload_releases_the_others()
    {
        var upload = await TestUpload.BeginAsync(_host, "/first/a");
        await upload.PutAsync(1, _first);
        var second = await upload.PutAsync(2, _second);
        await upload.PutAsync(3, _last);

        using var completed = await upload.CompleteAsync(TestUpload.ListOf((2, second)));

        await completed.AssertStatusAsync(200);
        Assert.Equal(_second, await _host.GetBytesAsync("/first/a"));
        Assert.Equal(2, await _host.Files.CountAsync("SELECT count(*) FROM files WHERE upload_status = 'deleted'"));
        Assert.Equal(0, await _host.Files.CountAsync("SELECT count(*) FROM multipart_parts"));
        using var gone = await upload.SendPartAsync("4", _last);
        await gone.AssertErrorAsync(404, "NoSuchUpload");
    }

    [Fact]
    public async Task Asked_twice_completion_answers_the_same_and_makes_one_version()
    {
        await _host.CreateBucketAsync("versioned", versioning: BucketVersioning.Enabled);
        var upload = await TestUpload.BeginAsync(_host, "/versioned/a");
        await upload.PutAsync(1, _last);
        using var first = await upload.CompleteAsync(("If-None-Match", "*"));
        using var second = await upload.CompleteAsync(("If-None-Match", "*"));
        using var aborted = await upload.AbortAsync();

        await first.AssertStatusAsync(200);
        await second.AssertStatusAsync(200);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        Assert.NotNull(first.Header("x-amz-version-id"));
        Assert.Equal(first.Header("x-amz-version-id"), second.Header("x-amz-version-id"));
        Assert.Equal(1, await _host.Files.CountAsync("SELECT count(*) FROM objects"));
        await aborted.AssertErrorAsync(404, "NoSuchUpload");
    }

    [Fact]
    public async Task An_aborted_upload_is_gone_with_its_parts()
    {
        var upload = await TestUpload.BeginAsync(_host, "/first/a");
        await upload.PutAsync(1, _first);
        await upload.PutAsync(2, _last);

        using var aborted = await upload.AbortAsync();
        using var again = await upload.AbortAsync();
        using var part = await upload.SendPartAsync("3", _last);
        using var completed = await upload.CompleteAsync();
        using var listed = await _host.GetAsync(upload.Target);

        await aborted.AssertStatusAsync(204);
        foreach (var answer in new[] { again, part, completed, listed })
        {
            await answer.AssertErrorAsync(404, "NoSuchUpload");
        }

        Assert.Equal(0, await _host.Files.CountAsync("SELECT count(*) FROM files WHERE upload_status <> 'deleted' OR holders > 0"));
        Assert.Equal(0, await _host.Files.CountAsync("SELECT count(*) FROM multipart_uploads"));
    }

    [Fact]
    public async Task A_part_that_is_being_sent_when_its_upload_is_aborted_is_not_kept()
    {
        var upload = await TestUpload.BeginAsync(_host, "/first/a");
        var body = new HeldContent(_first);
        using var request = _host.Request(
            HttpMethod.Put, upload.Target + "&partNumber=1", (HeaderAuthenticator.OwnerHeader, S3TestHost.Owner));
        request.Content = body;
        var sending = _host.SendAsync(request);
        await Until.TrueAsync("the part has begun", async () => await _host.Files.CountAsync("SELECT count(*) FROM files") == 1);

        using var aborted = await upload.AbortAsync();
        body.Release();

        using var answer = await sending;
        await aborted.AssertStatusAsync(204);
        await answer.AssertErrorAsync(404, "NoSuchUpload");
        await _host.AssertNothingKeptAsync();
    }

    [Theory]
    [InlineData("SHA256", "COMPOSITE")]
    [InlineData("CRC32", "COMPOSITE")]
    [InlineData("CRC32C", "FULL_OBJECT")]
    [InlineData("CRC64NVME", "FULL_OBJECT")]
    public async Task The_checksum_of_the_whole_is_made_of_those_of_the_parts(string name, string type)
    {
        Assert.True(ChecksumNames.TryParseAlgorithm(name, out var algorithm));
        var upload = await TestUpload.BeginAsync(_host, "/first/a", ("x-amz-checksum-algorithm", name), ("x-amz-checksum-type", type));
        await upload.PutAsync(1, _first, (algorithm.HeaderName, Compute(algorithm, _first).ToString()));
        await upload.PutAsync(2, _last);
        using var wrong = await upload.SendPartAsync("3", _last, (algorithm.HeaderName, Compute(algorithm, _first).ToString()));
        using var other = await upload.SendPartAsync("3", _last, ("x-amz-checksum-sha1", "2jmj7l5rSw0yVb/vlWAYkK/YBwk="));
        var whole = type == "FULL_OBJECT"
            ? Compute(algorithm, [.. _first, .. _last]).ToString()
            : Compute(algorithm, [.. Compute(algorithm, _first).Bytes.Span, .. Compute(algorithm, _last).Bytes.Span]) + "-2";

        using var refused = await upload.CompleteAsync((algorithm.HeaderName, Compute(algorithm, []).ToString()));
        using var otherType = await upload.CompleteAsync(("x-amz-checksum-type", type == "COMPOSITE" ? "FULL_OBJECT" : "COMPOSITE"));
        using var completed = await upload.CompleteAsync(
            (algorithm.HeaderName, whole), ("x-amz-checksum-type", type), ("x-amz-mp-object-size", "70010"));
        using var head = await _host.HeadAsync("/first/a", ("x-amz-checksum-mode", "ENABLED"));

        await wrong.AssertErrorAsync(400, "BadDigest");
        await other.AssertErrorAsync(400, "InvalidRequest");
        await refused.AssertErrorAsync(400, "BadDigest");
        await otherType.AssertErrorAsync(400, "InvalidRequest");
        await completed.AssertStatusAsync(200);
        var result = await completed.XmlAsync();
        Assert.Equal((whole, type), (result.Text(algorithm.ElementName), result.Text("ChecksumType")));
        Assert.Equal((whole, type), (head.Header(algorithm.HeaderName), head.Header("x-amz-checksum-type")));
    }

    [Fact]
    public async Task A_checksum_of_an_object_that_has_none_is_refused_rather_than_believed()
    {
        var upload = await TestUpload.BeginAsync(_host, "/first/a");
        await upload.PutAsync(1, _last);

        using var refused = await upload.CompleteAsync(("x-amz-checksum-crc32", "AAAAAA=="));
        using var completed = await upload.CompleteAsync();

        await refused.AssertErrorAsync(400, "InvalidRequest");
        await completed.AssertStatusAsync(200);
    }

    private static Checksum Compute(ChecksumAlgorithm algorithm, byte[] bytes)
    {
        using var digest = ChecksumContentDigest.Create(algorithm);
        digest.Append(bytes);
        return digest.GetChecksum();
    }

#pragma warning disable CA5351 // S3's entity tag is an MD5.
    private static string ETagOf(params byte[][] parts) =>
        $"\"{Convert.ToHexStringLower(MD5.HashData([.. parts.SelectMany(MD5.HashData)]))}-{parts.Length}\"";
#pragma warning restore CA5351
}
