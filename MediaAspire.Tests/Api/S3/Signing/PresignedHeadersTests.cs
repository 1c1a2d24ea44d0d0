using System.Security.Cryptography;
using System.Text;
using MediaAspire.Api.S3.Signing;
using MediaAspire.Tests.Api.S3.Multipart;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.S3.Signing;

/// <summary>
/// Presigned URLs as the SDK for JavaScript makes them: <c>x-amz-</c> headers are sent in the query and not as headers.
/// </summary>
public sealed class PresignedHeadersTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private static readonly byte[] s_body = "hello"u8.ToArray();

    private SignedHost _host = null!;

    public async Task InitializeAsync() =>
        _host = await SignedHost.StartAsync(postgres, new Dictionary<string, string?> { ["S3:MinPartSize"] = "1" });

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Fact]
    public async Task An_objects_metadata_tags_list_and_checksum_may_stand_in_the_query()
    {
        using var put = await PutAsync(
            ("x-amz-acl", "public-read"),
            ("x-amz-tagging", "a=1&b=%2B"),
            ("x-amz-meta-Colour", " grün  & blau "),
            ("x-amz-storage-class", "STANDARD"),
            ("x-amz-checksum-sha256", Convert.ToBase64String(SHA256.HashData(s_body))),
            ("x-amz-sdk-checksum-algorithm", "SHA256"),
            ("x-id", "PutObject"));
        using var anonymous = await _host.S3.SendAsync(HttpMethod.Get, SignedHost.Path("k"), owner: null);
        using var tags = await _host.GetAsync("k", ("tagging", ""));
        using var head = await SendAsync("HEAD", "k", ("x-amz-checksum-mode", "ENABLED"));

        await put.AssertStatusAsync(200);
        Assert.Equal(s_body, await anonymous.Content.ReadAsByteArrayAsync());
        Assert.Equal("grün  & blau", Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(anonymous.Header("x-amz-meta-colour")!)));
        Assert.Equal(["1", "+"], (await tags.XmlAsync()).Texts("Value"));
        Assert.Equal(Convert.ToBase64String(SHA256.HashData(s_body)), head.Header("x-amz-checksum-sha256"));
    }

    [Theory]
    [InlineData("x-amz-server-side-encryption", "AES256", 501, "NotImplemented")]
    [InlineData("X-Amz-Server-Side-Encryption-Customer-Algorithm", "AES256", 501, "NotImplemented")]
    [InlineData("x-amz-storage-class", "GLACIER", 501, "NotImplemented")]
    [InlineData("x-amz-acl", "nobody", 400, "InvalidArgument")]
    [InlineData("x-amz-tagging", "a=1&a=2", 400, "InvalidArgument")]
    [InlineData("x-amz-checksum-crc32", "NhCmhA==", 400, "BadDigest")]
    [InlineData("x-amz-checksum-md4", "AAAA", 400, "InvalidRequest")]
    [InlineData("x-amz-object-lock-mode", "GOVERNANCE", 400, "InvalidRequest")]
    [InlineData("x-amz-expected-bucket-owner", "somebody", 403, "AccessDenied")]
    [InlineData("x-amz-meta-a\r\nb", "1", 400, "InvalidArgument")]
    [InlineData("x-amz-meta-ä", "1", 400, "InvalidArgument")]
    [InlineData("x-amz-meta-a", "1\r\nx-amz-acl: public-read", 400, "InvalidArgument")]
    public async Task What_a_header_would_be_refused_for_is_refused_in_the_query(string name, string value, int status, string code)
    {
        using var answer = await PutAsync((name, value));

        await answer.AssertErrorAsync(status, code);
        await _host.S3.AssertNothingKeptAsync();
    }

    [Theory]
    [InlineData("x-amz-checksum-crc32", "AAAAAA==", "CRC32")]
    [InlineData("x-amz-checksum-crc64nvme", "AAAAAAAAAAA=", "CRC64NVME")]
    [InlineData("x-amz-checksum-sha1", "2jmj7l5rSw0yVb/vlWAYkK/YBwk=", "SHA1")]
    public async Task The_checksum_of_nothing_that_the_SDK_signs_is_not_that_of_the_body(string name, string value, string algorithm)
    {
        using var put = await PutAsync((name, value), ("x-amz-sdk-checksum-algorithm", algorithm), ("x-id", "PutObject"));

        await put.AssertStatusAsync(200);
        Assert.NotNull(put.Header("x-amz-checksum-crc64nvme"));
    }

    [Fact]
    public async Task A_lock_in_the_query_holds()
    {
        using var made = await _host.SendAsync(_host.Client.Sign("PUT", "/locked", [], [("x-amz-bucket-object-lock-enabled", "true")]));
        using var put = await _host.SendAsync(
            _host.Client.Presign("PUT", "/locked/k", [("X-Amz-Object-Lock-Legal-Hold", "ON")], [], "60"), s_body);
        using var head = await _host.SendAsync(_host.Client.Sign("HEAD", "/locked/k", [], []));

        await made.AssertStatusAsync(200);
        await put.AssertStatusAsync(200);
        Assert.Equal("ON", head.Header("x-amz-object-lock-legal-hold"));
    }

    [Fact]
    public async Task A_source_in_the_query_is_copied_and_no_empty_object_is_made()
    {
        using var put = await PutAsync();
        using var copy = await _host.SendAsync(
            _host.Client.Presign("PUT", SignedHost.Path("copy"), [("x-amz-copy-source", "signed/k"), ("x-id", "CopyObject")], [], "60"));
        using var got = await _host.GetAsync("copy");

        await copy.AssertStatusAsync(200);
        Assert.Equal("CopyObjectResult", (await copy.XmlAsync()).Name.LocalName);
        Assert.Equal(s_body, await got.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task An_upload_in_parts_takes_what_its_URLs_say()
    {
        using var begun = await SendAsync("POST", "k", ("uploads", ""), ("x-amz-checksum-algorithm", "CRC32"), ("x-amz-meta-a", "1"));
        var upload = (await begun.XmlAsync()).Text("UploadId");
        using var wrong = await SendAsync(
            "PUT", "k", s_body, ("partNumber", "1"), ("uploadId", upload), ("x-amz-checksum-crc32", "NhCmhA=="));
        using var part = await SendAsync(
            "PUT",
            "k",
            s_body,
            ("partNumber", "1"),
            ("uploadId", upload),
            ("x-amz-checksum-crc32", "AAAAAA=="),
            ("x-amz-sdk-checksum-algorithm", "CRC32"));
        var list = Encoding.UTF8.GetBytes(TestUpload.ListOf((1, part.Header("ETag")!)));
        using var completed = await SendAsync("POST", "k", list, ("uploadId", upload), ("x-amz-mp-object-size", "5"));
        using var head = await SendAsync("HEAD", "k");

        await wrong.AssertErrorAsync(400, "BadDigest");
        Assert.Equal("NhCmhg==", part.Header("x-amz-checksum-crc32"));
        await completed.AssertStatusAsync(200);
        Assert.Equal("1", head.Header("x-amz-meta-a"));
    }

    [Fact]
    public async Task A_parameter_that_was_not_signed_or_was_changed_does_not_match()
    {
        var url = _host.Client.Presign("PUT", SignedHost.Path("k"), [("x-amz-acl", "private")], [], "60");

        using var added = await _host.SendAsync(url with { RawQuery = url.RawQuery + "&x-amz-tagging=a" }, s_body);
        using var changed = await _host.SendAsync(
            url with { RawQuery = url.RawQuery.Replace("acl=private", "acl=public-read", StringComparison.Ordinal) }, s_body);
        using var copied = await _host.SendAsync(url with { RawQuery = url.RawQuery + "&x-amz-copy-source=signed%2Fk" });
        using var header = await _host.SendAsync(url, s_body, ("x-amz-tagging", "a"));

        await added.AssertErrorAsync(403, "SignatureDoesNotMatch");
        await changed.AssertErrorAsync(403, "SignatureDoesNotMatch");
        await copied.AssertErrorAsync(403, "SignatureDoesNotMatch");
        await header.AssertErrorAsync(403, "AccessDenied");
        await _host.S3.AssertNothingKeptAsync();
    }

    [Fact]
    public async Task A_signed_header_goes_before_the_query()
    {
        using var put = await _host.SendAsync(
            _host.Client.Presign("PUT", SignedHost.Path("k"), [("x-amz-meta-a", "query")], [("x-amz-meta-a", "header")], "60"), s_body);
        using var head = await SendAsync("HEAD", "k");

        await put.AssertStatusAsync(200);
        Assert.Equal("header", head.Header("x-amz-meta-a"));
    }

    [Fact]
    public async Task Signed_in_the_header_a_query_holds_no_headers()
    {
        using var put = await _host.SendAsync(_host.Client.Sign("PUT", SignedHost.Path("k"), [("x-amz-meta-a", "1")], []), s_body);
        using var head = await SendAsync("HEAD", "k");

        await put.AssertStatusAsync(200);
        Assert.Null(head.Header("x-amz-meta-a"));
    }

    [Fact]
    public async Task A_URL_is_good_for_its_method_and_its_time_alone()
    {
        var get = _host.Client.Presign("GET", SignedHost.Path("k"), [], [], "60");
        var dayAgo = SigningTime.Format(TimeProvider.System.GetUtcNow().AddDays(-1));
        var yesterday = new ClientSigner(ClientSigner.KeyId, ClientSigner.Secret, dayAgo);

        using var put = await _host.SendAsync(get with { Method = "PUT" }, s_body);
        using var upload = await _host.SendAsync(get with { Method = "POST", RawQuery = get.RawQuery + "&uploads=" });
        using var expired = await _host.SendAsync(yesterday.Presign("PUT", SignedHost.Path("k"), [], [], "3600"), s_body);

        await put.AssertErrorAsync(403, "SignatureDoesNotMatch");
        await upload.AssertErrorAsync(403, "SignatureDoesNotMatch");
        await expired.AssertErrorAsync(403, "AccessDenied");
        Assert.Equal("Request has expired", (await expired.XmlAsync()).Text("Message"));
        await _host.S3.AssertNothingKeptAsync();
    }

    private Task<HttpResponseMessage> PutAsync(params (string Name, string Value)[] query) => SendAsync("PUT", "k", s_body, query);

    private Task<HttpResponseMessage> SendAsync(string method, string key, params (string Name, string Value)[] query) =>
        SendAsync(method, key, null, query);

    private Task<HttpResponseMessage> SendAsync(string method, string key, byte[]? body, params (string Name, string Value)[] query) =>
        _host.SendAsync(_host.Client.Presign(method, SignedHost.Path(key), query, [], "60"), body);
}
