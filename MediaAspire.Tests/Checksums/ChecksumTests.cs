using MediaAspire.Core.Checksums;

namespace MediaAspire.Tests.Checksums;

public sealed class ChecksumTests
{
    public static TheoryData<ChecksumAlgorithm, string> OfCheckString => new()
    {
        { ChecksumAlgorithm.Crc32, "y/Q5Jg==" },
        { ChecksumAlgorithm.Crc32C, "4waSgw==" },
        { ChecksumAlgorithm.Crc64Nvme, "rosUhgp5mIg=" },
        { ChecksumAlgorithm.Sha1, "98O8HYCOBHMq32eZZczDTKeuNEE=" },
        { ChecksumAlgorithm.Sha256, "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=" },
    };

    [Theory]
    [MemberData(nameof(OfCheckString))]
    public void GetChecksum_CheckString_GivesItsWireForm(ChecksumAlgorithm algorithm, string expected)
    {
        using var digest = ChecksumContentDigest.Create(algorithm);

        digest.Append("1234"u8);
        var early = digest.GetChecksum();
        digest.Append([]);
        digest.Append("56789"u8);

        Assert.Equal(expected, digest.GetChecksum().ToString());
        Assert.NotEqual(digest.GetChecksum(), early);
        Assert.Equal(algorithm, digest.GetChecksum().Algorithm);
        Assert.Equal(algorithm.Length, digest.GetChecksum().Bytes.Length);
    }

    [Theory]
    [MemberData(nameof(OfCheckString))]
    public void TryParse_WireForm_GivesTheSameValue(ChecksumAlgorithm algorithm, string text)
    {
        using var digest = ChecksumContentDigest.Create(algorithm);
        digest.Append("123456789"u8);

        Assert.True(Checksum.TryParse(algorithm, text, out var parsed));
        Assert.Equal(digest.GetChecksum(), parsed);
        Assert.Equal(digest.GetChecksum().GetHashCode(), parsed.GetHashCode());
        Assert.Equal(text, parsed.ToString());
    }

    [Theory]
    [InlineData(ChecksumAlgorithm.Crc32, "")]
    [InlineData(ChecksumAlgorithm.Crc32, "y/Q5Jg")]
    [InlineData(ChecksumAlgorithm.Crc32, "y/Q5J===")]
    [InlineData(ChecksumAlgorithm.Crc32, "y_Q5Jg==")]
    [InlineData(ChecksumAlgorithm.Crc32, " y/Q5Jg==")]
    [InlineData(ChecksumAlgorithm.Crc32, "y/Q 5Jg=")]
    [InlineData(ChecksumAlgorithm.Crc32, "y/Q5Jg==\n")]
    [InlineData(ChecksumAlgorithm.Crc32, "y/Q5")]
    [InlineData(ChecksumAlgorithm.Crc32, "y/Q5JhA=")]
    [InlineData(ChecksumAlgorithm.Crc32C, "rosUhgp5mIg=")]
    [InlineData(ChecksumAlgorithm.Crc64Nvme, "4waSgw==")]
    [InlineData(ChecksumAlgorithm.Crc64Nvme, "rosUhgp5mIg")]
    [InlineData(ChecksumAlgorithm.Sha1, "98O8HYCOBHMq32eZZczKNKe5NEEA")]
    [InlineData(ChecksumAlgorithm.Sha256, "98O8HYCOBHMq32eZZczDTKeuNEE=")]
    [InlineData(ChecksumAlgorithm.Sha256, "bad")]
    [InlineData(ChecksumAlgorithm.Crc32, "y/Q5Jh==")]
    [InlineData(ChecksumAlgorithm.Crc64Nvme, "rosUhgp5mIh=")]
    public void TryParse_NotExactlyTheDigestInBase64_IsRefused(ChecksumAlgorithm algorithm, string text)
    {
        Assert.False(Checksum.TryParse(algorithm, text, out var parsed));
        Assert.Null(parsed);
    }

    [Fact]
    public void Equals_SameBytesOfAnotherAlgorithm_IsFalse() =>
        Assert.NotEqual(new Checksum(ChecksumAlgorithm.Crc32, [1, 2, 3, 4]), new Checksum(ChecksumAlgorithm.Crc32C, [1, 2, 3, 4]));

    [Fact]
    public void Constructor_AnotherLength_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Checksum(ChecksumAlgorithm.Crc32, [1, 2, 3]));

    [Fact]
    public void GetMd5_CheckString_GivesItsMd5()
    {
        using var digest = new Md5ContentDigest();
        digest.Append("12345"u8);
        digest.Append("6789"u8);

        Assert.Equal("25f9e794323b453885f5181f1b624d0b", Convert.ToHexStringLower(digest.GetMd5()));
    }
}
