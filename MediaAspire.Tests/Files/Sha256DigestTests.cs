using System.Security.Cryptography;
using MediaAspire.Core.Checksums;

namespace MediaAspire.Tests.Files;

public sealed class Sha256DigestTests
{
    [Fact]
    public void TryParse_HexAndBase64OfTheSameBytes_AreEqual()
    {
        var bytes = SHA256.HashData("media"u8);

        Assert.True(Sha256Digest.TryParseHex(Convert.ToHexString(bytes), out var fromHex));
        Assert.True(Sha256Digest.TryParseBase64(Convert.ToBase64String(bytes), out var fromBase64));
        Assert.Equal(fromHex, fromBase64);
        Assert.Equal(Convert.ToHexStringLower(bytes), fromHex.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("zz000000000000000000000000000000000000000000000000000000000000zz")]
    [InlineData("000000000000000000000000000000000000000000000000000000000000000000")]
    public void TryParseHex_NotSixtyFourHexDigits_IsRefused(string text)
    {
        Assert.False(Sha256Digest.TryParseHex(text, out _));
    }

    [Fact]
    public void TakeFrom_Resets()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData("media"u8);
        Sha256Digest.TakeFrom(hash);

        Assert.Equal(Sha256Digest.OfNothing, Sha256Digest.TakeFrom(hash));
    }
}
