using MediaAspire.Core.Checksums;

namespace MediaAspire.Tests.Checksums;

public sealed class PartDigestsTests
{
    private const int PartSize = 5 * 1024 * 1024;

    // Three parts of 5 MiB of A, B and C, as in the tests of other S3 servers.
    [Theory]
    [InlineData(ChecksumAlgorithm.Crc32, "JRTCyQ==", "QoZTGg==", "YAgjqw==", "WgDhBQ==")]
    [InlineData(ChecksumAlgorithm.Crc32C, "MDaLrw==", "TH4EZg==", "Z7mBIQ==", "xU+Krw==")]
    [InlineData(ChecksumAlgorithm.Crc64Nvme, "L/E4WYn8v98=", "xW1l19VobYM=", "cK5MnNaWrW4=", "i+6LR0y3eFo=")]
    [InlineData(
        ChecksumAlgorithm.Sha1,
        "iIaTCGbm+vdVjNqIMF2S0T7ibMk=",
        "LS/TJ32bAVKEwRu+sE3X7awh/lk=",
        "6DDwovUaHwrKNXDMzOGbuvj9kxI=",
        "sizjvY4eud3MrcHdZM3cQ/ol39o=-3")]
    [InlineData(
        ChecksumAlgorithm.Sha256,
        "275VF5loJr1YYawit0XSHREhkFXYkkPKGuoK0x9VKxI=",
        "mrHwOfjTL5Zwfj74F05HOQGLdUb7E5szdCbxgUSq6NM=",
        "Vw7oB/nKQ5xWb3hNgbyfkvDiivl+U+/Dft48nfJfDow=",
        "uWBwpe1dxI4Vw8Gf0X9ynOdw/SS6VBzfWm9giiv1sf4=-3")]
    public void ThreeParts_OfAnyAlgorithm_GiveTheKnownValues(ChecksumAlgorithm algorithm, string a, string b, string c, string whole)
    {
        var parts = "ABC"u8.ToArray().Select(letter => Compute(algorithm, letter, PartSize)).ToArray();

        Assert.Equal([a, b, c], parts.Select(part => part.ToString()));
        var checksum = algorithm.Supports(ChecksumType.FullObject)
            ? PartDigests.Combine(algorithm, parts.Select(part => (part, (long)PartSize)))
            : PartDigests.Compose(algorithm, parts);
        Assert.Equal(whole, checksum.ToString());
        Assert.True(ObjectChecksum.TryParse(algorithm, whole, out var parsed));
        Assert.Equal(checksum, parsed);
        Assert.Equal(algorithm.Supports(ChecksumType.FullObject) ? ChecksumType.FullObject : ChecksumType.Composite, parsed.Type);
    }

    [Theory]
    [InlineData(ChecksumAlgorithm.Crc32)]
    [InlineData(ChecksumAlgorithm.Crc32C)]
    [InlineData(ChecksumAlgorithm.Crc64Nvme)]
    public void Combine_PartsOfDifferentLengths_GivesTheWholesChecksum(ChecksumAlgorithm algorithm)
    {
        int[] lengths = [70_001, 0, 1, 65_536, 333];
        using var whole = ChecksumContentDigest.Create(algorithm);
        var parts = new List<(Checksum, long)>();
        foreach (var length in lengths)
        {
            var bytes = new byte[length];
            new Random(length).NextBytes(bytes);
            using var part = ChecksumContentDigest.Create(algorithm);
            part.Append(bytes);
            whole.Append(bytes);
            parts.Add((part.GetChecksum(), length));
        }

        Assert.Equal(new ObjectChecksum(whole.GetChecksum()), PartDigests.Combine(algorithm, parts));
    }

    [Fact]
    public void Compose_OnePart_IsStillComposite()
    {
        var part = Compute(ChecksumAlgorithm.Crc32C, (byte)'A', 10);

        var checksum = PartDigests.Compose(ChecksumAlgorithm.Crc32C, [part]);

        Assert.EndsWith("-1", checksum.ToString(), StringComparison.Ordinal);
        Assert.NotEqual(part, checksum.Value);
        Assert.Equal(ChecksumType.Composite, checksum.Type);
    }

    [Theory]
    [InlineData(ChecksumAlgorithm.Sha1)]
    [InlineData(ChecksumAlgorithm.Sha256)]
    public void Combine_Hashes_IsRefused(ChecksumAlgorithm algorithm) =>
        Assert.Throws<ArgumentException>(() => PartDigests.Combine(algorithm, [(Compute(algorithm, 1, 1), 1)]));

    [Fact]
    public void AnotherAlgorithmsPart_OrNone_IsRefused()
    {
        var part = Compute(ChecksumAlgorithm.Crc32, 1, 1);

        Assert.Throws<ArgumentException>(() => PartDigests.Compose(ChecksumAlgorithm.Crc32C, [part]));
        Assert.Throws<ArgumentException>(() => PartDigests.Combine(ChecksumAlgorithm.Crc32C, [(part, 1)]));
        Assert.Throws<ArgumentException>(() => PartDigests.Compose(ChecksumAlgorithm.Crc32, []));
        Assert.Throws<ArgumentException>(() => PartDigests.Combine(ChecksumAlgorithm.Crc32, []));
        Assert.Throws<ArgumentException>(() => PartDigests.ComposeETag([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => PartDigests.ComposeETag([new byte[15]]));
    }

    // printf A | md5sum and so on; the whole is the md5sum of the three in binary.
    [Fact]
    public void ComposeETag_ThreeParts_IsTheMd5OfTheirMd5s()
    {
        var md5s = new[] { "7fc56270e7a70fa81a5935b72eacbe29", "9d5ed678fe57bcca610140957afab571", "0d61f8370cad1d412f80b84d143e1257" };

        var etag = PartDigests.ComposeETag(md5s.Select(md5 => (ReadOnlyMemory<byte>)Convert.FromHexString(md5)));

        Assert.Equal("ee356748d80c7a5b1aff07c60a1ad5a9-3", etag);
    }

    [Theory]
    [InlineData("4waSgw==-0")]
    [InlineData("4waSgw==-03")]
    [InlineData("4waSgw==-")]
    [InlineData("4waSgw==--3")]
    [InlineData("4waSgw==-+3")]
    [InlineData("4waSgw==- 3")]
    [InlineData("4waSgw==-10001")]
    [InlineData("4waSgw==-3-3")]
    [InlineData("-3")]
    [InlineData("4waSgw==-99999999999")]
    public void TryParse_BadNumberOfParts_IsRefused(string text) =>
        Assert.False(ObjectChecksum.TryParse(ChecksumAlgorithm.Crc32C, text, out _));

    [Fact]
    public void TryParse_MostParts_IsRead()
    {
        Assert.True(ObjectChecksum.TryParse(ChecksumAlgorithm.Crc32C, "4waSgw==-10000", out var checksum));
        Assert.Equal(10_000, checksum.PartCount);
        Assert.Equal("4waSgw==-10000", checksum.ToString());
    }

    private static Checksum Compute(ChecksumAlgorithm algorithm, byte value, int length)
    {
        var bytes = new byte[length];
        Array.Fill(bytes, value);
        using var digest = ChecksumContentDigest.Create(algorithm);
        digest.Append(bytes);
        return digest.GetChecksum();
    }
}
