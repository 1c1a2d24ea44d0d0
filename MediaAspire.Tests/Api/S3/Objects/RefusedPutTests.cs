using System.Net.Sockets;
using System.Text;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.S3.Objects;

/// <summary>Refused puts. Nothing of them may be kept.</summary>
public sealed class RefusedPutTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private static readonly byte[] s_body = "hello"u8.ToArray();

    private S3TestHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await S3TestHost.StartAsync(postgres, settings: new Dictionary<string, string?> { ["S3:MaxPutSize"] = "1000000" });
        await _host.CreateBucketAsync("first");
    }

    public async Task DisposeAsync()
    {
        await _host.AssertNothingKeptAsync();
        await _host.DisposeAsync();
    }

    [Theory]
    [InlineData("Content-MD5", "", 400, "InvalidDigest")]
    [InlineData("Content-MD5", "rubbish", 400, "InvalidDigest")]
    [InlineData("Content-MD5", "AAAA", 400, "InvalidDigest")]
    [InlineData("Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg==", 400, "BadDigest")]
    [InlineData(
        "x-amz-content-sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", 400, "XAmzContentSHA256Mismatch")]
    [InlineData("x-amz-checksum-crc32", "AAAAAA==", 400, "BadDigest")]
    [InlineData("x-amz-checksum-crc32c", "AAAAAA==", 400, "BadDigest")]
    [InlineData("x-amz-checksum-crc64nvme", "AAAAAAAAAAA=", 400, "BadDigest")]
    [InlineData("x-amz-checksum-sha1", "AAAAAAAAAAAAAAAAAAAAAAAAAAA=", 400, "BadDigest")]
    [InlineData("x-amz-checksum-sha256", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", 400, "BadDigest")]
    [InlineData("x-amz-checksum-md4", "AAAA", 400, "InvalidRequest")]
    [InlineData("x-amz-sdk-checksum-algorithm", "CRC32", 400, "InvalidRequest")]
    [InlineData("x-amz-sdk-checksum-algorithm", "", 400, "InvalidRequest")]
    [InlineData("x-amz-trailer", "x-amz-checksum-crc32", 400, "MalformedTrailerError")]
    [InlineData("x-amz-trailer", "x-amz-checksum-crc32, x-amz-checksum-sha1", 400, "InvalidRequest")]
    [InlineData("x-amz-trailer", "x-amz-foo", 400, "InvalidRequest")]
    [InlineData("x-amz-server-side-encryption", "AES256", 501, "NotImplemented")]
    [InlineData("x-amz-server-side-encryption-customer-algorithm", "AES256", 501, "NotImplemented")]
    [InlineData("x-amz-write-offset-bytes", "5", 501, "NotImplemented")]
    [InlineData("x-amz-object-lock-legal-hold", "ON", 400, "InvalidRequest")]
    [InlineData("x-amz-storage-class", "GLACIER", 501, "NotImplemented")]
    [InlineData("x-amz-storage-class", "FAST", 400, "InvalidStorageClass")]
    [InlineData("x-amz-tagging", "a=1&a=2", 400, "InvalidArgument")]
    [InlineData("x-amz-tagging", "a=%ZZ", 400, "InvalidArgument")]
    [InlineData("x-amz-tagging", "=1", 400, "InvalidTag")]
    [InlineData("x-amz-tagging", "aws:a=1", 400, "InvalidTag")]
    [InlineData("x-amz-tagging", "a=%01", 400, "InvalidTag")]
    [InlineData("x-amz-tagging", "a&b&c&d&e&f&g&h&i&j&k", 400, "InvalidTag")]
    [InlineData("If-Match", "*", 404, "NoSuchKey")]
    public async Task A_header_that_is_wrong(string name, string value, int status, string code)
    {
        using var answer = await _host.PutAsync("/first/a", s_body, (name, value));

        await answer.AssertErrorAsync(status, code);
    }

    [Theory]
    [InlineData("x-amz-checksum-sha256", "dummy")]
    [InlineData("x-amz-checksum-sha256", "qvTGHdzF6KLavt4PO0gs2a6pQ00=")]
    [InlineData("x-amz-checksum-crc32", "")]
    [InlineData("x-amz-checksum-crc32", "NhCmhg")]
    [InlineData("x-amz-checksum-crc32", "NhCmhh==")]
    [InlineData("x-amz-checksum-crc32", "NhCmhg==-1")]
    [InlineData("x-amz-checksum-crc64nvme", "^^^^^^^^^^^=")]
    public async Task A_checksum_that_is_none(string header, string value)
    {
        using var answer = await _host.PutAsync("/first/a", s_body, (header, value));
        using var trailer = await _host.PutAsync(
            "/first/a", s_body, ("x-amz-trailer", header), (HeaderAuthenticator.TrailerPrefix + header, value));

        await answer.AssertErrorAsync(400, "InvalidRequest");
        Assert.Equal($"Value for {header} header is invalid.", (await answer.XmlAsync()).Element("Message")!.Value);
        await trailer.AssertErrorAsync(400, "InvalidRequest");
        Assert.Equal($"Value for {header} trailing header is invalid.", (await trailer.XmlAsync()).Element("Message")!.Value);
    }

    [Fact]
    public async Task A_checksum_in_a_header_and_in_a_trailer()
    {
        using var answer = await _host.PutAsync(
            "/first/a",
            s_body,
            ("x-amz-checksum-crc32", "NhCmhg=="),
            ("x-amz-trailer", "x-amz-checksum-crc32"),
            ("x-test-trailer-x-amz-checksum-crc32", "NhCmhg=="));

        await answer.AssertErrorAsync(400, "InvalidRequest");
    }

    [Fact]
    public async Task Two_checksums()
    {
        using var answer = await _host.PutAsync(
            "/first/a", s_body, ("x-amz-checksum-crc32", "NhCmhg=="), ("x-amz-checksum-sha1", "qvTGHdzF6KLavt4PO0gs2a6pQ00="));

        await answer.AssertErrorAsync(400, "InvalidRequest");
    }

    [Fact]
    public async Task A_trailer_that_is_wrong()
    {
        using var answer = await _host.PutAsync(
            "/first/a",
            Bodies.Random(300_000),
            ("x-amz-trailer", "x-amz-checksum-crc32"),
            ("x-test-trailer-x-amz-checksum-crc32", "AAAAAA=="));

        await answer.AssertErrorAsync(400, "BadDigest");
    }

    [Theory]
    [InlineData("x-amz-meta-a", 2048)]
    [InlineData("x-amz-meta-aa", 2047)]
    public async Task Metadata_of_more_than_two_kilobytes(string name, int length)
    {
        using var answer = await _host.PutAsync("/first/a", s_body, (name, new string('x', length)));

        await answer.AssertErrorAsync(400, "MetadataTooLarge");
    }

    [Fact]
    public async Task A_key_of_1025_bytes()
    {
        // 341 times three bytes and two of one.
        using var answer = await _host.PutAsync("/first/" + string.Concat(Enumerable.Repeat("%E2%82%AC", 341)) + "ab", s_body);

        await answer.AssertErrorAsync(400, "KeyTooLongError");
    }

    [Theory]
    [InlineData("a%FF")]
    [InlineData("a%2")]
    public async Task A_key_that_is_no_text(string key)
    {
        using var answer = await _host.PutAsync("/first/" + key, s_body);

        await answer.AssertErrorAsync(400, "InvalidURI");
    }

    [Fact]
    public async Task A_source_that_is_no_text()
    {
        using var answer = await _host.PutAsync("/first/a", [], ("x-amz-copy-source", "first/a%00"));

        await answer.AssertErrorAsync(400, "InvalidURI");
    }

    [Fact]
    public async Task A_body_that_is_too_long()
    {
        using var answer = await _host.PutAsync("/first/a", new byte[1_000_001]);

        await answer.AssertErrorAsync(400, "EntityTooLarge");
    }

    [Fact]
    public async Task A_body_of_unknown_length_that_gets_too_long()
    {
        using var request = _host.Request(HttpMethod.Put, "/first/a", (HeaderAuthenticator.OwnerHeader, S3TestHost.Owner));
        request.Headers.TransferEncodingChunked = true;
        request.Content = new ByteArrayContent(new byte[1_000_001]);

        using var answer = await _host.SendAsync(request);

        await answer.AssertErrorAsync(400, "EntityTooLarge");
    }

    [Fact]
    public async Task No_length_at_all()
    {
        using var client = await ConnectAsync(
            $"PUT /first/a HTTP/1.1\r\nHost: x\r\n{HeaderAuthenticator.OwnerHeader}: alice\r\nConnection: close\r\n\r\n");
        using var reader = new StreamReader(client.GetStream());

        var answer = await reader.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 411", answer, StringComparison.Ordinal);
        Assert.Contains("<Code>MissingContentLength</Code>", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_ends_early()
    {
        var head = $"PUT /first/a HTTP/1.1\r\nHost: x\r\n{HeaderAuthenticator.OwnerHeader}: alice\r\nContent-Length: 900000\r\n\r\n";
        var client = await ConnectAsync(head + new string('x', 899_999));
        await Until.TrueAsync("the upload has begun", async () => await _host.Files.CountAsync("SELECT count(*) FROM files") == 1);

        client.Dispose();

        await Until.TrueAsync("the upload is removed", async () => await _host.Files.CountAsync("SELECT count(*) FROM files") == 0);
    }

    [Fact]
    public async Task A_stranger_and_nobody()
    {
        using var stranger = await _host.SendAsync(HttpMethod.Put, "/first/a", s_body, owner: "bob");
        using var nobody = await _host.SendAsync(HttpMethod.Put, "/first/a", s_body, owner: null);

        await stranger.AssertErrorAsync(403, "AccessDenied");
        await nobody.AssertErrorAsync(403, "AccessDenied");
    }

    [Fact]
    public async Task A_bucket_that_went_while_the_body_came()
    {
        var bucket = await _host.CreateBucketAsync("second");
        var body = new HeldContent(Bodies.Random(900_000));
        using var request = _host.Request(HttpMethod.Put, "/second/a", (HeaderAuthenticator.OwnerHeader, S3TestHost.Owner));
        request.Content = body;
        var sending = _host.SendAsync(request);
        await Until.TrueAsync("the upload has begun", async () => await _host.Files.CountAsync("SELECT count(*) FROM files") == 1);

        await _host.Buckets.DeleteAsync(bucket.Id, CancellationToken.None);
        body.Release();

        using var answer = await sending;
        await answer.AssertErrorAsync(404, "NoSuchBucket");
    }

    private async Task<TcpClient> ConnectAsync(string request)
    {
        var client = new TcpClient();
        await client.ConnectAsync(_host.Address.Host, _host.Address.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
        return client;
    }
}
