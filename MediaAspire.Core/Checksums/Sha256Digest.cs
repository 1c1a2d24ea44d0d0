using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace MediaAspire.Core.Checksums;

/// <summary>A SHA-256, compared by value and written in lower-case hexadecimal.</summary>
public sealed class Sha256Digest : IEquatable<Sha256Digest>
{
    private readonly byte[] _bytes;

    /// <param name="bytes">Exactly 32 bytes; copied.</param>
    public Sha256Digest(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length, SHA256.HashSizeInBytes);
        _bytes = bytes.ToArray();
    }

    /// <summary>Gets the digest of no bytes at all.</summary>
    public static Sha256Digest OfNothing { get; } = new(SHA256.HashData([]));

    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>Reads the hash of what <paramref name="hash"/> has taken in so far; it goes on.</summary>
    public static Sha256Digest Of(IncrementalHash hash)
    {
        ArgumentNullException.ThrowIfNull(hash);

        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetCurrentHash(bytes);
        return new(bytes);
    }

    /// <summary>Takes the hash out of <paramref name="hash"/> and resets it for the next one.</summary>
    public static Sha256Digest TakeFrom(IncrementalHash hash)
    {
        ArgumentNullException.ThrowIfNull(hash);

        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(bytes);
        return new(bytes);
    }

    /// <summary>Reads 64 hexadecimal digits, in either case.</summary>
    public static bool TryParseHex(ReadOnlySpan<char> text, [NotNullWhen(true)] out Sha256Digest? digest)
    {
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        var parsed = text.Length == 2 * SHA256.HashSizeInBytes
            && Convert.FromHexString(text, bytes, out _, out _) == System.Buffers.OperationStatus.Done;
        digest = parsed ? new(bytes) : null;
        return parsed;
    }

    /// <summary>Reads the base64 form of <c>Content-Digest</c> (RFC 9530), without its colons.</summary>
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
