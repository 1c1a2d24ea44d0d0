using MediaAspire.Core.Checksums;

namespace MediaAspire.Core.Uploads;

/// <summary>A checksum of the bytes of one append. Nothing of an append with another checksum is kept.</summary>
/// <param name="Algorithm">The algorithm.</param>
/// <param name="Expected">
/// Returns the declared value. Called when the body has ended, so that it may come in a trailer; <see langword="null"/> when it is missing,
/// which counts as a mismatch.
/// </param>
public sealed record AppendChecksum(AppendChecksumAlgorithm Algorithm, Func<ReadOnlyMemory<byte>?> Expected)
{
    internal AppendDigest CreateDigest() => new(Algorithm);
}

/// <summary>The algorithms of checksums of appends.</summary>
public enum AppendChecksumAlgorithm
{
    Md5,
    Sha1,
    Sha256,

    /// <summary>CRC-32 of ISO 3309, the highest byte first.</summary>
    Crc32,

    /// <summary>CRC-32C, the highest byte first.</summary>
    Crc32C,
}

/// <summary>The checksum of an append while its bytes arrive.</summary>
internal sealed class AppendDigest : IContentDigest, IDisposable
{
    private readonly Md5ContentDigest? _md5;
    private readonly ChecksumContentDigest? _other;

    public AppendDigest(AppendChecksumAlgorithm algorithm)
    {
        _md5 = algorithm == AppendChecksumAlgorithm.Md5 ? new() : null;
        _other = algorithm switch
        {
            AppendChecksumAlgorithm.Md5 => null,
            AppendChecksumAlgorithm.Sha1 => ChecksumContentDigest.Create(ChecksumAlgorithm.Sha1),
            AppendChecksumAlgorithm.Sha256 => ChecksumContentDigest.Create(ChecksumAlgorithm.Sha256),
            AppendChecksumAlgorithm.Crc32 => ChecksumContentDigest.Create(ChecksumAlgorithm.Crc32),
            AppendChecksumAlgorithm.Crc32C => ChecksumContentDigest.Create(ChecksumAlgorithm.Crc32C),
            _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "Unknown checksum algorithm."),
        };
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        _md5?.Append(bytes);
        _other?.Append(bytes);
    }

    public bool Matches(ReadOnlyMemory<byte>? expected) =>
        expected is { } value && (_md5?.GetMd5() ?? _other!.GetChecksum().Bytes).Span.SequenceEqual(value.Span);

    public void Dispose()
    {
        _md5?.Dispose();
        _other?.Dispose();
    }
}
