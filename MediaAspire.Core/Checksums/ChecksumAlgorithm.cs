namespace MediaAspire.Core.Checksums;

/// <summary>
/// The checksums that S3 stores beside an object's ETag. The numbers are stored in tables and never change their meaning.
/// </summary>
public enum ChecksumAlgorithm
{
    /// <summary>CRC-32 of ISO 3309, as in gzip: 4 bytes.</summary>
    Crc32 = 1,

    /// <summary>CRC-32C, Castagnoli's polynomial: 4 bytes.</summary>
    Crc32C = 2,

    /// <summary>CRC-64/NVME: 8 bytes.</summary>
    Crc64Nvme = 3,

    /// <summary>SHA-1: 20 bytes.</summary>
    Sha1 = 4,

    /// <summary>SHA-256: 32 bytes.</summary>
    Sha256 = 5,
}
