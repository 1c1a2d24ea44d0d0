using System.Security.Cryptography;

namespace MediaAspire.Core.Ids;

/// <summary>UUIDs that nobody can guess, for ids whose holder may do something.</summary>
internal static class RandomUuid
{
    /// <summary>Makes a UUID of version 4.</summary>
    public static Guid New()
    {
        // RFC 9562, section 5.4: 122 random bits, the version and the variant.
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
