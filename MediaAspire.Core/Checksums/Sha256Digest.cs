using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace MediaAspire.Core.Checksums;

/// <summary>A SHA-256. Compared by value; formatted in lower-case hexadecimal.</summary>
public sealed class Sha256Digest : IEquatable<Sha256Digest>
{
    private readonly byte[] _bytes;

    /// <param name="bytes">Exactly 32 bytes; copied.</param>
    public Sha256Digest(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length, SHA256.HashSizeInBytes);
        _bytes = bytes.ToArray();
    }

    /// <summary>Gets the digest of no bytes.</summary>
    public static Sha256Digest OfNothing { get; } = new(SHA256.HashData([]));

    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>Reads the current value of <paramref name="hash"/> without resetting it.</summary>
    public static Sha256Digest Of(IncrementalHash hash)
    {
        ArgumentNullException.ThrowIfNull(hash);

        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetCurrentHash(bytes);
        return new(bytes);
    }

    /// <summary>Reads the value of <paramref name="hash"/> and resets it for the next one.</summary>
    public static Sha256Digest TakeFrom(IncrementalHash hash)
    {
        ArgumentNullException.ThrowIfNull(hash);

        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(bytes);
        return new(bytes);
    }

    /// <summary>Parses 64 hexadecimal digits, ignoring case.</summary>
    public static bool TryParseHex(ReadOnlySpan<char> text, [NotNullWhen(true)] out Sha256Digest? digest)
    {
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        var parsed = text.Length == 2 * SHA256.HashSizeInBytes
            && Convert.FromHexString(text, bytes, out _, out _) == System.Buffers.OperationStatus.Done;
        digest = parsed ? new(bytes) : null;
        return parsed;
    }

    /// <summary>Parses the base64 form of <c>Content-Digest</c> (RFC 9530), without its colons.</summary>
    public static bool TryParseBase64(ReadOnlySpan<char> text, [NotNullWhen(true)] out Sha256Digest? digest)
    {
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        var parsed = Convert.TryFromBase64Chars(text, bytes, out var written) && written == SHA256.HashSizeInBytes;
        digest = parsed ? new(bytes) : null;
        return parsed;
    }

    public bool Equals(Sha256Digest? other) => other is not null && _bytes.AsSpan().SequenceEqual(other._bytes);

    public override bool Equals(object? obj) => Equals(obj as Sha256Digest);

    public override int GetHashCode() => BitConverter.ToInt32(_bytes);

    public override string ToString() => Convert.ToHexStringLower(_bytes);
}
