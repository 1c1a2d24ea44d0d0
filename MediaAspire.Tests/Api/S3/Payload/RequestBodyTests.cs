using MediaAspire.Api.S3.Payload;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Api.S3.Signing;
using MediaAspire.Core.Checksums;
using Microsoft.AspNetCore.Http;

namespace MediaAspire.Tests.Api.S3.Payload;

public sealed class RequestBodyTests
{
    private static readonly Signer s_plain = new(Key: null, PayloadDeclaration.Unsigned, Seed: null, IsPresigned: false);
    private static readonly Signer s_chunked =
        new(Key: null, new(PayloadKind.UnsignedChunksWithTrailer, "STREAMING-UNSIGNED-PAYLOAD-TRAILER"), Seed: null, IsPresigned: false);

    [Fact]
    public async Task Open_PlainBody_CountsIt()
    {
        await using var stream = RequestBody.Open(new MemoryStream(new byte[1000]), new HeaderDictionary { ContentLength = 1000 }, s_plain);

        await stream.CopyToAsync(Stream.Null, CancellationToken.None);

        Assert.Equal((1000, 1000L), (stream.DeclaredLength, stream.BytesRead));
    }

    [Fact]
    public async Task Open_PlainBodyShorterThanDeclared_IsIncomplete()
    {
        await using var stream = RequestBody.Open(new MemoryStream(new byte[999]), new HeaderDictionary { ContentLength = 1000 }, s_plain);

        var refused = await Assert.ThrowsAsync<S3Exception>(() => stream.CopyToAsync(Stream.Null, CancellationToken.None));

        Assert.Equal("IncompleteBody", refused.Error.Code);
    }

    [Theory]
    [InlineData(null, "MissingContentLength", 411)]
    [InlineData("-1", "InvalidArgument", 400)]
    [InlineData("1e3", "InvalidArgument", 400)]
    [InlineData("99999999999999999999", "InvalidArgument", 400)]
    public void Open_ChunkedBodyWithoutItsLength_IsRefused(string? length, string code, int status)
    {
        var refused = Assert.Throws<S3Exception>(() =>
            RequestBody.Open(Stream.Null, new HeaderDictionary { ["x-amz-decoded-content-length"] = length }, s_chunked));

        Assert.Equal((code, status), (refused.Error.Code, refused.Error.Status));
    }

    [Fact]
    public void DeclaredSha256_OnlyOfAHash_IsThere()
    {
        var hash = new SignedPayload(new PlainStream(Stream.Null, 0), PayloadDeclaration.Parse(SigV4.EmptySha256.ToUpperInvariant()));
        var unsigned = new SignedPayload(new PlainStream(Stream.Null, 0), PayloadDeclaration.Unsigned);

        Assert.Equal(Sha256Digest.OfNothing, hash.DeclaredSha256);
        Assert.Null(unsigned.DeclaredSha256);
    }
}
