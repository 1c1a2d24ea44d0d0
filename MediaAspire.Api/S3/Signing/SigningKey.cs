using System.Security.Cryptography;
using System.Text;
using MediaAspire.Core.ObjectStore;

namespace MediaAspire.Api.S3.Signing;

/// <summary>The key that is derived from a secret for one day, region and service.</summary>
internal sealed class SigningKey
{
    private readonly byte[] _key;

    private SigningKey(byte[] key) => _key = key;

    public static SigningKey Derive(string secret, string date, string region, string service = SigV4.Service) =>
        new(SignatureKeys.Derive(secret, date, region, service));

    /// <summary>Signs a string to sign.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="signature">Receives 64 lower-case hexadecimal characters.</param>
    public void Sign(ReadOnlySpan<byte> text, Span<byte> signature)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, text, hash);
        Convert.TryToHexStringLower(hash, signature, out _);
    }

    /// <summary>Verifies a signature in constant time.</summary>
    public bool Verifies(ReadOnlySpan<byte> text, string signature)
    {
        Span<byte> expected = stackalloc byte[SigV4.SignatureLength];
        Sign(text, expected);
        return SigV4.IsSignature(signature) && CryptographicOperations.FixedTimeEquals(expected, Encoding.ASCII.GetBytes(signature));
    }
}
