using System.Globalization;
using System.Security.Cryptography;

namespace MediaAspire.Core.Checksums;

/// <summary>The checksum and the ETag of an object, computed from those of its parts without its bytes.</summary>
public static class PartDigests
{
    /// <summary>Computes the checksum over the concatenated checksums of the parts.</summary>
    /// <param name="algorithm">The algorithm of the parts and of the result.</param>
    /// <param name="parts">The parts' checksums, in their order; at least one.</param>
    /// <exception cref="ArgumentException">The list is empty, or a part has another algorithm's checksum.</exception>
    public static ObjectChecksum Compose(ChecksumAlgorithm algorithm, IEnumerable<Checksum> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);

        using var digest = ChecksumContentDigest.Create(algorithm);
        var count = 0;
        foreach (var part in parts)
        {
            digest.Append(Checked(algorithm, part).Bytes.Span);
            count++;
        }

        return count > 0 ? new(digest.GetChecksum(), count) : throw NoParts(nameof(parts));
    }

    /// <summary>Computes the CRC of all bytes of an object from the CRCs of its parts.</summary>
    /// <param name="algorithm">A CRC: an algorithm that supports <see cref="ChecksumType.FullObject"/>.</param>
    /// <param name="parts">Checksums and lengths in bytes, in the parts' order; at least one.</param>
    /// <exception cref="ArgumentException">
    /// The list is empty, a part has another algorithm's checksum, or the algorithm is not a CRC.
    /// </exception>
    public static ObjectChecksum Combine(ChecksumAlgorithm algorithm, IEnumerable<(Checksum Checksum, long Length)> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);

        var combiner = algorithm switch
        {
            ChecksumAlgorithm.Crc32 => CrcCombiner.Crc32,
            ChecksumAlgorithm.Crc32C => CrcCombiner.Crc32C,
            ChecksumAlgorithm.Crc64Nvme => CrcCombiner.Crc64Nvme,
            _ => throw new ArgumentException(
                $"{algorithm.WireName} of an object cannot be computed from those of its parts.", nameof(algorithm)),
        };

        // The CRC of no bytes is 0, and can be combined like any other.
        var whole = 0UL;
        var count = 0;
        foreach (var (checksum, length) in parts)
        {
            whole = combiner.Combine(whole, Checked(algorithm, checksum).ToCrc(), length);
            count++;
        }

        return count > 0 ? new(Checksum.OfCrc(algorithm, whole)) : throw NoParts(nameof(parts));
    }

    /// <summary>Computes a multipart object's ETag, without quotes: the MD5 over the parts' MD5s in hexadecimal, and <c>-n</c>.</summary>
    /// <param name="md5s">The parts' MD5s, 16 bytes each, in their order; at least one.</param>
    public static string ComposeETag(IEnumerable<ReadOnlyMemory<byte>> md5s)
    {
        ArgumentNullException.ThrowIfNull(md5s);

        using var digest = new Md5ContentDigest();
        var count = 0;
        foreach (var md5 in md5s)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(md5.Length, MD5.HashSizeInBytes, nameof(md5s));
            digest.Append(md5.Span);
            count++;
        }

        return count > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{Convert.ToHexStringLower(digest.GetMd5())}-{count}")
            : throw NoParts(nameof(md5s));
    }

    private static Checksum Checked(ChecksumAlgorithm algorithm, Checksum part) => part.Algorithm == algorithm
        ? part
        : throw new ArgumentException(
            $"Expected a part's checksum by {algorithm.WireName}, but it is by {part.Algorithm.WireName}.", nameof(part));

    private static ArgumentException NoParts(string parameter) => new("Expected at least one part.", parameter);
}
