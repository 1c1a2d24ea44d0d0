using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace MediaAspire.Api.Console.OpenId;

/// <summary>Protects the state of a sign-in by a key that is derived from the cluster's token, so that any replica may finish it.</summary>
/// <remarks>
/// The state lives for minutes, so a rotation of the token only interrupts sign-ins. Data protection of ASP.NET Core would keep keys of its
/// own, which the replicas would have to share and rotate.
/// </remarks>
/// <param name="secret">The cluster's token.</param>
internal sealed class ClusterDataProtection(byte[] secret) : IDataProtectionProvider
{
    public IDataProtector CreateProtector(string purpose) => new Protector(Derive(secret, purpose));

    private static byte[] Derive(byte[] secret, string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, info: Encoding.UTF8.GetBytes("MediaAspire console " + purpose));

    // 12 bytes of nonce, 16 bytes of tag, the ciphertext.
    private sealed class Protector(byte[] key) : IDataProtector
    {
        private const int NonceBytes = 12;
        private const int TagBytes = 16;

        public IDataProtector CreateProtector(string purpose) => new Protector(Derive(key, purpose));

        public byte[] Protect(byte[] plaintext)
        {
            var sealedBytes = new byte[NonceBytes + TagBytes + plaintext.Length];
            RandomNumberGenerator.Fill(sealedBytes.AsSpan(0, NonceBytes));
            using var cipher = new AesGcm(key, TagBytes);
            cipher.Encrypt(
                sealedBytes.AsSpan(0, NonceBytes),
                plaintext,
                sealedBytes.AsSpan(NonceBytes + TagBytes),
                sealedBytes.AsSpan(NonceBytes, TagBytes));
            return sealedBytes;
        }

        /// <exception cref="CryptographicException">The bytes were not protected by this key, or were changed.</exception>
        public byte[] Unprotect(byte[] protectedData)
        {
            if (protectedData.Length < NonceBytes + TagBytes)
            {
                throw new CryptographicException("The protected data is too short.");
            }

            var plaintext = new byte[protectedData.Length - NonceBytes - TagBytes];
            using var cipher = new AesGcm(key, TagBytes);
            cipher.Decrypt(
                protectedData.AsSpan(0, NonceBytes),
                protectedData.AsSpan(NonceBytes + TagBytes),
                protectedData.AsSpan(NonceBytes, TagBytes),
                plaintext);
            return plaintext;
        }
    }
}
