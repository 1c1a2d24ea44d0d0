using MediaAspire.Api.Files;
using Microsoft.AspNetCore.Http;

namespace MediaAspire.Tests.Api.Files;

public sealed class DeclaredDigestsTests
{
    // The SHA-256 of "{"hello": "world"}\n", RFC 9530's own example.
    private const string Base64 = "RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=";
    private const string Hex = "44aff4ab2d7c3250525675a08f0cfa9591168cffe51791c5f5bbc417c15a6c38";

    [Theory]
    [InlineData("x-checksum-sha256", Hex)]
    [InlineData("x-checksum-sha256", Base64)]
    [InlineData("Content-Digest", "sha-256=:" + Base64 + ":")]
    [InlineData("Content-Digest", "sha-512=:AAAA:, sha-256=:" + Base64 + ":")]
    public void Read_EveryForm_YieldsTheDigest(string header, string value)
    {
        var digests = DeclaredDigests.Read(new HeaderDictionary { [header] = value }, includeContentDigest: true);

        Assert.Null(digests.Problem);
        Assert.Equal(Hex, Assert.Single(digests.Values).ToString());
    }

    [Theory]
    [InlineData("x-checksum-sha256", "abc")]
    [InlineData("x-checksum-sha256", "")]
    [InlineData("Content-Digest", "sha-256=" + Base64)]
    [InlineData("Content-Digest", "sha-256=:AAAA:")]
    public void Read_Malformed_IsAProblem(string header, string value)
    {
        var digests = DeclaredDigests.Read(new HeaderDictionary { [header] = value }, includeContentDigest: true);

        Assert.Equal("checksum-invalid", digests.Problem?.ProblemDetails.Extensions["code"]);
    }

    [Fact]
    public void Read_OnlyOtherAlgorithms_DeclaresNothing()
    {
        var digests = DeclaredDigests.Read(new HeaderDictionary { ["Content-Digest"] = "sha-512=:AAAA:" }, includeContentDigest: true);

        Assert.Null(digests.Problem);
        Assert.Empty(digests.Values);
    }
}
