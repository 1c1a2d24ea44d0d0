using MediaAspire.Core.Checksums;

namespace MediaAspire.Tests.Checksums;

public sealed class ChecksumNamesTests
{
    [Theory]
    [InlineData(ChecksumAlgorithm.Crc32, "CRC32", "x-amz-checksum-crc32")]
    [InlineData(ChecksumAlgorithm.Crc32C, "CRC32C", "x-amz-checksum-crc32c")]
    [InlineData(ChecksumAlgorithm.Crc64Nvme, "CRC64NVME", "x-amz-checksum-crc64nvme")]
    [InlineData(ChecksumAlgorithm.Sha1, "SHA1", "x-amz-checksum-sha1")]
    [InlineData(ChecksumAlgorithm.Sha256, "SHA256", "x-amz-checksum-sha256")]
    public void Names_AreThoseOfTheWire_AndAreRead(ChecksumAlgorithm algorithm, string name, string header)
    {
        Assert.Equal(name, algorithm.WireName);
        Assert.Equal(header, algorithm.HeaderName);
        Assert.Equal("Checksum" + name, algorithm.ElementName);
        Assert.Contains(algorithm, ChecksumNames.All);

        Assert.True(ChecksumNames.TryParseAlgorithm(name.ToLowerInvariant(), out var parsed));
        Assert.Equal(algorithm, parsed);
        Assert.True(ChecksumNames.TryParseHeader(header.ToUpperInvariant(), out parsed));
        Assert.Equal(algorithm, parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("CRC64")]
    [InlineData("CRC32 ")]
    [InlineData("MD5")]
    public void TryParseAlgorithm_UnknownName_IsRefused(string name) => Assert.False(ChecksumNames.TryParseAlgorithm(name, out _));

    [Theory]
    [InlineData("x-amz-checksum-algorithm")]
    [InlineData("x-amz-checksum-")]
    [InlineData("crc32")]
    [InlineData("x-amz-sdk-checksum-algorithm")]
    public void TryParseHeader_NoChecksumsHeader_IsRefused(string name) => Assert.False(ChecksumNames.TryParseHeader(name, out _));

    [Theory]
    [InlineData(ChecksumType.Composite, "COMPOSITE")]
    [InlineData(ChecksumType.FullObject, "FULL_OBJECT")]
    public void TypeNames_AreThoseOfTheWire_AndAreRead(ChecksumType type, string name)
    {
        Assert.Equal(name, type.WireName);
        Assert.True(ChecksumTypeNames.TryParseType(name.ToLowerInvariant(), out var parsed));
        Assert.Equal(type, parsed);
        Assert.False(ChecksumTypeNames.TryParseType(name + "S", out _));
    }

    [Theory]
    [InlineData(ChecksumAlgorithm.Crc32, true, true, ChecksumType.Composite)]
    [InlineData(ChecksumAlgorithm.Crc32C, true, true, ChecksumType.Composite)]
    [InlineData(ChecksumAlgorithm.Crc64Nvme, true, false, ChecksumType.FullObject)]
    [InlineData(ChecksumAlgorithm.Sha1, false, true, ChecksumType.Composite)]
    [InlineData(ChecksumAlgorithm.Sha256, false, true, ChecksumType.Composite)]
    public void Supports_IsWhatMultipartUploadsCanHave(ChecksumAlgorithm algorithm, bool fullObject, bool composite, ChecksumType byDefault)
    {
        Assert.Equal(fullObject, algorithm.Supports(ChecksumType.FullObject));
        Assert.Equal(composite, algorithm.Supports(ChecksumType.Composite));
        Assert.Equal(byDefault, algorithm.DefaultType);
    }
}
