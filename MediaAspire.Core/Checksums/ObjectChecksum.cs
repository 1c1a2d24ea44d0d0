using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace MediaAspire.Core.Checksums;

/// <summary>The checksum of a whole object: over its bytes, or over the checksums of its parts.</summary>
/// <param name="Value">The checksum.</param>
/// <param name="PartCount">The number of parts of a composite checksum, 1 to 10,000; 0 for a checksum over the bytes.</param>
public sealed record ObjectChecksum(Checksum Value, int PartCount = 0)
{
    /// <summary>The maximum number of parts of an S3 object.</summary>
    public const int MaxParts = 10_000;

    public ChecksumType Type => PartCount == 0 ? ChecksumType.FullObject : ChecksumType.Composite;

    /// <summary>
    /// Parses base64, with or without the suffix <c>-n</c> of a composite. The number n is 1 to 10,000 without leading zeros.
    /// </summary>
    public static bool TryParse(ChecksumAlgorithm algorithm, ReadOnlySpan<char> text, [NotNullWhen(true)] out ObjectChecksum? checksum)
    {
        checksum = null;
        var parts = 0;
        var dash = text.IndexOf('-');
        if (dash >= 0)
        {
            var count = text[(dash + 1)..];
            if (count.StartsWith('0')
                || !int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out parts)
                || parts > MaxParts)
            {
                return false;
            }

            text = text[..dash];
        }

        checksum = Checksum.TryParse(algorithm, text, out var value) ? new(value, parts) : null;
        return checksum is not null;
    }

    /// <summary>Returns the form on the wire: base64, with the suffix <c>-n</c> for a composite.</summary>
    public override string ToString() =>
        PartCount == 0 ? Value.ToString() : string.Create(CultureInfo.InvariantCulture, $"{Value}-{PartCount}");
}
