using MediaAspire.Tests.Api.S3.Multipart;
using MediaAspire.Tests.Api.S3.Signing;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.S3.Payload;

/// <summary>The trailers that <c>x-amz-trailer</c> announces, and those that follow the last chunk.</summary>
public sealed class TrailerTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private const string Signed = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";
    private const string Unsigned = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";

    private static readonly byte[] s_hello = "hello"u8.ToArray();

    private SignedHost _host = null!;

    public async Task InitializeAsync() => _host = await SignedHost.StartAsync(postgres);

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Theory]
    [InlineData(Signed)]
    [InlineData(Unsigned)]
    public async Task The_trailer_that_was_announced_is_verified(string payload)
    {
        using var answer = await PutAsync(payload, "x-amz-checksum-crc32", "x-amz-checksum-crc32:NhCmhg==");

        await answer.AssertStatusAsync(200);
        Assert.Equal("NhCmhg==", answer.Header("x-amz-checksum-crc32"));
    }

    [Theory]
    [InlineData(Signed, null, "x-amz-checksum-crc32:NhCmhg==", "MalformedTrailerError")]
    [InlineData(Unsigned, null, "x-amz-checksum-crc32:NhCmhg==", "MalformedTrailerError")]
    [InlineData(Signed, "x-amz-checksum-sha1", "x-amz-checksum-crc32:NhCmhg==", "MalformedTrailerError")]
    [InlineData(Unsigned, "x-amz-checksum-sha1", "x-amz-checksum-crc32:NhCmhg==", "MalformedTrailerError")]
    [InlineData(Signed, "x-amz-checksum-crc32", "", "MalformedTrailerError")]
    [InlineData(Unsigned, "x-amz-checksum-crc32", "", "MalformedTrailerError")]
    [InlineData(Signed, null, "", "MalformedTrailerError")]
    [InlineData(Unsigned, "x-amz-checksum-crc32", "x-amz-checksum-crc32", "MalformedTrailerError")]
    [InlineData(Signed, "x-amz-checksum-md4", "x-amz-checksum-md4:NhCmhg==", "InvalidRequest")]
    [InlineData(Unsigned, "x-amz-meta-a", "x-amz-meta-a:1", "InvalidRequest")]
    [InlineData(Signed, "x-amz-checksum-crc32", "x-amz-checksum-crc32:invalid", "InvalidRequest")]
    [InlineData(Unsigned, "x-amz-checksum-crc32", "x-amz-checksum-crc32:NhCmhg", "InvalidRequest")]
    [InlineData(Signed, "x-amz-checksum-crc32", "x-amz-checksum-crc32:AAAAAA==", "BadDigest")]
    [InlineData(Unsigned, "x-amz-checksum-crc32", "x-amz-checksum-crc32:AAAAAA==", "BadDigest")]
    public async Task Any_other_is_refused_and_nothing_is_kept(string payload, string? announced, string trailer, string code)
    {
        using var answer = await PutAsync(payload, announced, trailer);

        await answer.AssertErrorAsync(400, code);
        await _host.S3.AssertNothingKeptAsync();
    }

    [Fact]
    public async Task Without_signatures_a_body_may_have_no_trailer_when_none_is_announced()
    {
        using var answer = await _host.PutAsync(
            Unsigned, SignedHost.Path("k"), s_hello, _ => "5\r\nhello\r\n0\r\n\r\n"u8.ToArray(), announced: null);

        await answer.AssertStatusAsync(200);
        Assert.NotNull(answer.Header("x-amz-checksum-crc64nvme"));
    }

    [Fact]
    public async Task With_signatures_a_body_without_them_is_incomplete()
    {
        using var answer = await _host.PutAsync(
            Signed, SignedHost.Path("k"), s_hello, body => body[..(body.AsSpan().IndexOf("x-amz-checksum"u8))], announced: null);

        await answer.AssertErrorAsync(400, "IncompleteBody");
        await _host.S3.AssertNothingKeptAsync();
    }

    [Fact]
    public async Task A_part_of_an_upload_is_no_exception()
    {
        using var begun = await _host.SendAsync(_host.Client.Sign("POST", SignedHost.Path("k"), [("uploads", "")], []));
        var upload = (await begun.XmlAsync()).Text("UploadId");

        using var wrong = await PutPartAsync("x-amz-checksum-sha1");
        using var right = await PutPartAsync("x-amz-checksum-crc32");

        await wrong.AssertErrorAsync(400, "MalformedTrailerError");
        await right.AssertStatusAsync(200);

        Task<HttpResponseMessage> PutPartAsync(string announced) => _host.PutAsync(
            Unsigned, SignedHost.Path("k"), s_hello, announced: announced, trailer: "x-amz-checksum-crc32:NhCmhg==",
            query: [("partNumber", "1"), ("uploadId", upload)]);
    }

    private Task<HttpResponseMessage> PutAsync(string payload, string? announced, string trailer) =>
        _host.PutAsync(payload, SignedHost.Path("k"), s_hello, announced: announced, trailer: trailer);
}
