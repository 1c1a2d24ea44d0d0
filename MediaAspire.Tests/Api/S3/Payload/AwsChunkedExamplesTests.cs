using System.Text;
using MediaAspire.Api.S3.Payload;
using MediaAspire.Tests.Api.S3.Signing;

namespace MediaAspire.Tests.Api.S3.Payload;

/// <summary>The worked examples of the Amazon S3 API Reference, "Chunked upload" and "Including trailing headers".</summary>
public sealed class AwsChunkedExamplesTests
{
    [Theory]
    [InlineData(
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        "content-encoding: aws-chunked|content-length: 66824|x-amz-decoded-content-length: 66560|x-amz-storage-class: REDUCED_REDUNDANCY",
        "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
        "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
        "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
        "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
        "")]
    [InlineData(
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
        "content-encoding: aws-chunked|x-amz-decoded-content-length: 66560|x-amz-storage-class: REDUCED_REDUNDANCY"
        + "|x-amz-trailer: x-amz-checksum-crc32c",
        "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e",
        "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
        "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
        "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992",
        "x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n")]
    public async Task ReadAsync_Example_IsVerifiedFromTheSeedToTheLastSignature(
        string payload, string headers, string seed, string first, string second, string last, string trailers)
    {
        var request = AwsExamplesTests.Request(
            "PUT", "/examplebucket/chunkObject.txt", "", headers, payload, seed, host: "s3.amazonaws.com");
        var body = $"10000;chunk-signature={first}\r\n{new string('a', 65536)}\r\n"
            + $"400;chunk-signature={second}\r\n{new string('a', 1024)}\r\n"
            + $"0;chunk-signature={last}\r\n{trailers}\r\n";
        var signer = await new SigningHarness().AuthenticateAsync(request);

        await using var stream = RequestBody.Open(new MemoryStream(Encoding.ASCII.GetBytes(body)), request.Headers, signer);
        using var read = new MemoryStream();
        await stream.CopyToAsync(read, CancellationToken.None);

        Assert.Equal(new string('a', 66560), Encoding.ASCII.GetString(read.ToArray()));
        Assert.Equal(66560, stream.DeclaredLength);
        Assert.Equal(trailers.Length > 0 ? "sOO8/Q==" : null, stream.Trailers.GetValueOrDefault("x-amz-checksum-crc32c"));
    }
}
