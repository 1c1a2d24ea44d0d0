using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace MediaAspire.Core.Checksums;

/// <summary>A checksum and its algorithm. Compared by value; formatted in base64, its form on the wire.</summary>
/// <remarks>It detects damage, not forgery, and is not secret: the comparison does not take constant time.</remarks>
public sealed class Checksum : IEquatable<Checksum>
{
    private readonly byte[] _bytes;

    /// <param name="algorithm">The algorithm.</param>
    /// <param name="bytes">The value, of exactly the algorithm's length, with a CRC's highest byte first; copied.</param>
    public Checksum(ChecksumAlgorithm algorithm, ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length, algorithm.Length);
        Algorithm = algorithm;
        _bytes = bytes.ToArray();
    }

    public ChecksumAlgorithm Algorithm { get; }

    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>Parses the base64 form. Only canonical base64 of exactly the algorithm's length is accepted.</summary>
    public static bool TryParse(ChecksumAlgorithm algorithm, ReadOnlySpan<char> text, [NotNullWhen(true)] out Checksum? checksum)
    {
        Span<byte> bytes = stackalloc byte[algorithm.Length];

        // The decoder ignores white space and the bits after the last byte; the encoder writes neither.
        checksum = Convert.TryFromBase64Chars(text, bytes, out var written) && written == bytes.Length ? new(algorithm, bytes) : null;
        if (checksum is not null && !text.SequenceEqual(checksum.ToString()))
        {
            checksum = null;
        }

        return checksum is not null;
    }

    /// <summary>Makes the checksum of a CRC from its number.</summary>
    internal static Checksum OfCrc(ChecksumAlgorithm algorithm, ulong crc)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, crc);
        return new(algorithm, bytes[^algorithm.Length..]);
    }

    /// <summary>Gets a CRC's number.</summary>
    internal ulong ToCrc()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        bytes.Clear();
        _bytes.CopyTo(bytes[^_bytes.Length..]);
        return BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }

    public bool Equals(Checksum? other) => other is not null && Algorithm == other.Algorithm && _bytes.AsSpan().SequenceEqual(other._bytes);

    public override bool Equals(object? obj) => Equals(obj as Checksum);

    public override int GetHashCode() => HashCode.Combine(Algorithm, BitConverter.ToInt32(_bytes));

    /// <summary>Returns the base64 form.</summary>
    public override string ToString() => Convert.ToBase64String(_bytes);
}
