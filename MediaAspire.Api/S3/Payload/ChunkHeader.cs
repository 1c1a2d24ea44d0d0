using System.Globalization;
using MediaAspire.Api.S3.Signing;

namespace MediaAspire.Api.S3.Payload;

/// <summary>The line before the bytes of a chunk.</summary>
/// <param name="size">The number of bytes in the chunk; 0 for the last.</param>
/// <param name="signature">64 bytes within the line; empty when the chunk is not signed.</param>
internal readonly ref struct ChunkHeader(long size, ReadOnlySpan<byte> signature)
{
    private static ReadOnlySpan<byte> SignatureExtension => "chunk-signature="u8;

    public long Size { get; } = size;

    public ReadOnlySpan<byte> Signature { get; } = signature;

    /// <example><c>10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648</c></example>
    public static bool TryParse(ReadOnlySpan<byte> line, bool signed, out ChunkHeader header)
    {
        header = default;
        var semicolon = line.IndexOf((byte)';');
        var digits = (semicolon < 0 ? line : line[..semicolon]).TrimEnd((byte)' ');
        if (!long.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var size) || size < 0)
        {
            return false;
        }

        if (!signed)
        {
            header = new ChunkHeader(size, []);
            return true;
        }

        var extension = semicolon < 0 ? [] : line[(semicolon + 1)..].Trim((byte)' ');
        if (!extension.StartsWith(SignatureExtension) || extension.Length != SignatureExtension.Length + SigV4.SignatureLength)
        {
            return false;
        }

        header = new ChunkHeader(size, extension[SignatureExtension.Length..]);
        return true;
    }
}
