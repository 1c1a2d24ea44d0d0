using System.Diagnostics;

namespace MediaAspire.Core.Checksums;

/// <summary>The names of the algorithms on the wire of S3, and their properties.</summary>
public static class ChecksumNames
{
    /// <summary>Gets every algorithm, the cheapest to compute first.</summary>
    public static IReadOnlyList<ChecksumAlgorithm> All { get; } =
        [ChecksumAlgorithm.Crc32, ChecksumAlgorithm.Crc32C, ChecksumAlgorithm.Crc64Nvme, ChecksumAlgorithm.Sha1, ChecksumAlgorithm.Sha256];

    extension(ChecksumAlgorithm algorithm)
    {
        /// <summary>Gets the name in XML and in <c>x-amz-checksum-algorithm</c>, for example <c>CRC32C</c>.</summary>
        public string WireName => algorithm switch
        {
            ChecksumAlgorithm.Crc32 => "CRC32",
            ChecksumAlgorithm.Crc32C => "CRC32C",
            ChecksumAlgorithm.Crc64Nvme => "CRC64NVME",
            ChecksumAlgorithm.Sha1 => "SHA1",
            ChecksumAlgorithm.Sha256 => "SHA256",
            _ => throw Unknown(algorithm),
        };

        /// <summary>Gets the name of the header or trailer with the value, for example <c>x-amz-checksum-crc32c</c>.</summary>
        public string HeaderName => algorithm switch
        {
            ChecksumAlgorithm.Crc32 => "x-amz-checksum-crc32",
            ChecksumAlgorithm.Crc32C => "x-amz-checksum-crc32c",
            ChecksumAlgorithm.Crc64Nvme => "x-amz-checksum-crc64nvme",
            ChecksumAlgorithm.Sha1 => "x-amz-checksum-sha1",
            ChecksumAlgorithm.Sha256 => "x-amz-checksum-sha256",
            _ => throw Unknown(algorithm),
        };

        /// <summary>Gets the name of the XML element with the value, for example <c>ChecksumCRC32C</c>.</summary>
        public string ElementName => algorithm switch
        {
            ChecksumAlgorithm.Crc32 => "ChecksumCRC32",
            ChecksumAlgorithm.Crc32C => "ChecksumCRC32C",
            ChecksumAlgorithm.Crc64Nvme => "ChecksumCRC64NVME",
            ChecksumAlgorithm.Sha1 => "ChecksumSHA1",
            ChecksumAlgorithm.Sha256 => "ChecksumSHA256",
            _ => throw Unknown(algorithm),
        };

        /// <summary>Gets the length of a value in bytes.</summary>
        public int Length => algorithm switch
        {
            ChecksumAlgorithm.Crc32 or ChecksumAlgorithm.Crc32C => 4,
            ChecksumAlgorithm.Crc64Nvme => 8,
            ChecksumAlgorithm.Sha1 => 20,
            ChecksumAlgorithm.Sha256 => 32,
            _ => throw Unknown(algorithm),
        };

        /// <summary>Gets the default type of a multipart upload.</summary>
        public ChecksumType DefaultType => algorithm == ChecksumAlgorithm.Crc64Nvme ? ChecksumType.FullObject : ChecksumType.Composite;

        /// <summary>
        /// Determines whether a multipart upload can have a type. The hashes support composite only, because they cannot be computed from
        /// those of the parts; CRC64NVME supports full-object only; the two other CRCs support both.
        /// </summary>
        public bool Supports(ChecksumType type) => algorithm switch
        {
            ChecksumAlgorithm.Crc32 or ChecksumAlgorithm.Crc32C => true,
            ChecksumAlgorithm.Crc64Nvme => type == ChecksumType.FullObject,
            _ => type == ChecksumType.Composite,
        };
    }

    /// <summary>Parses an algorithm's name, ignoring case.</summary>
    public static bool TryParseAlgorithm(ReadOnlySpan<char> name, out ChecksumAlgorithm algorithm)
    {
        foreach (var candidate in All)
        {
            if (name.Equals(candidate.WireName, StringComparison.OrdinalIgnoreCase))
            {
                algorithm = candidate;
                return true;
            }
        }

        algorithm = default;
        return false;
    }

    /// <summary>Parses the name of a header or trailer, ignoring case.</summary>
    public static bool TryParseHeader(ReadOnlySpan<char> name, out ChecksumAlgorithm algorithm)
    {
        const string prefix = "x-amz-checksum-";
        algorithm = default;
        return name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && TryParseAlgorithm(name[prefix.Length..], out algorithm);
    }

    private static UnreachableException Unknown(ChecksumAlgorithm algorithm) => new($"Unknown checksum algorithm {algorithm}.");
}
