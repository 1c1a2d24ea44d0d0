using System.Security.Cryptography;
using System.Text;

namespace MediaAspire.Api.S3.Signing;

/// <summary>AWS Signature Version 2 as S3 uses it: HMAC-SHA1 with the secret itself as the key.</summary>
internal static class SigV2
{
    /// <summary>Verifies a signature in constant time.</summary>
    /// <param name="secret">The secret of the access key.</param>
    /// <param name="text">The string to sign.</param>
    /// <param name="signature">The signature as it was sent, in base64.</param>
    public static bool Verifies(string secret, ReadOnlySpan<byte> text, string signature)
    {
        Span<byte> given = stackalloc byte[HMACSHA1.HashSizeInBytes];
        if (!Convert.TryFromBase64String(signature, given, out var length) || length != given.Length)
        {
            return false;
        }

        Span<byte> expected = stackalloc byte[HMACSHA1.HashSizeInBytes];
#pragma warning disable CA5350 // The protocol requires SHA-1; an HMAC does not need a collision-resistant hash.
        HMACSHA1.HashData(Encoding.UTF8.GetBytes(secret), text, expected);
#pragma warning restore CA5350
        return CryptographicOperations.FixedTimeEquals(given, expected);
    }
}
