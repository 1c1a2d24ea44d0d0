using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.AccessKeys;

/// <summary>
/// Seals the secrets of access keys with AES-256-GCM, each bound to its key's id, so that no row's secret can serve another.
/// </summary>
/// <remarks>Thread-safe.</remarks>
public sealed class SecretSealer
{
    internal const int KeyBytes = 32;

    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int KeyIdBytes = 8;

    private readonly byte[] _key;
    private readonly Dictionary<string, byte[]> _keys = new(StringComparer.Ordinal);

    public SecretSealer(IOptions<AccessKeyOptions> options)
    {
        _key = Read(options.Value.SecretsKey);
        KeyId = NameOf(_key);
        _keys.Add(KeyId, _key);
        foreach (var old in options.Value.OldSecretsKeys.Select(Read))
        {
            _keys.TryAdd(NameOf(old), old);
        }

        KeyIds = [.. _keys.Keys];

        static byte[] Read(string text) => TryReadKey(text, out var key)
            ? key
            : throw new ArgumentException($"A secrets key is not base64 of {KeyBytes} bytes.", nameof(options));
    }

    /// <summary>Gets the name of the key, kept beside what is sealed under it: 16 hexadecimal digits.</summary>
    public string KeyId { get; }

    /// <summary>Gets the names of the keys that secrets can be opened with, the current one first.</summary>
    public IReadOnlyList<string> KeyIds { get; }

    /// <summary>Seals a secret.</summary>
    /// <returns>Nonce, ciphertext and tag; different at every call.</returns>
    public byte[] Seal(string accessKeyId, string secret)
    {
        var plain = Encoding.UTF8.GetBytes(secret);
        var result = new byte[NonceBytes + plain.Length + TagBytes];
        var nonce = result.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);

        using var cipher = new AesGcm(_key, TagBytes);
        cipher.Encrypt(nonce, plain, result.AsSpan(NonceBytes, plain.Length), result.AsSpan(NonceBytes + plain.Length), Bound(accessKeyId));
        CryptographicOperations.ZeroMemory(plain);
        return result;
    }

    /// <summary>Opens a sealed secret.</summary>
    /// <param name="accessKeyId">The key that the secret was sealed for.</param>
    /// <param name="keyId">The <see cref="KeyId"/> that it was sealed under.</param>
    /// <param name="sealedSecret">The result of <see cref="Seal"/>.</param>
    /// <exception cref="SealedSecretException">It was sealed under another key or for another access key, or was changed since.</exception>
    public string Open(string accessKeyId, string keyId, ReadOnlySpan<byte> sealedSecret)
    {
        if (!_keys.TryGetValue(keyId, out var key))
        {
            throw new SealedSecretException(
                $"The secret of access key {accessKeyId} is sealed under the secrets key {keyId}, but this process has "
                + $"{string.Join(", ", KeyIds)}.");
        }

        if (sealedSecret.Length <= NonceBytes + TagBytes)
        {
            throw new SealedSecretException($"The sealed secret of access key {accessKeyId} is truncated.");
        }

        var plain = new byte[sealedSecret.Length - NonceBytes - TagBytes];
        using var cipher = new AesGcm(key, TagBytes);
        try
        {
            cipher.Decrypt(
                sealedSecret[..NonceBytes], sealedSecret[NonceBytes..^TagBytes], sealedSecret[^TagBytes..], plain, Bound(accessKeyId));
            return Encoding.UTF8.GetString(plain);
        }
        catch (AuthenticationTagMismatchException mismatch)
        {
            throw new SealedSecretException(
                $"The sealed secret of access key {accessKeyId} was changed, or belongs to another key.", mismatch);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    internal static bool TryReadKey(string text, out byte[] key)
    {
        key = new byte[KeyBytes];
        return Convert.TryFromBase64String(text, key, out var written) && written == KeyBytes;
    }

    // A digest of 256 random bits reveals nothing of them, and gives the key a name.
    private static string NameOf(byte[] key) =>
        Convert.ToHexStringLower(SHA256.HashData([.. "mediaaspire secrets key"u8, .. key]).AsSpan(0, KeyIdBytes));

    private static byte[] Bound(string accessKeyId) => Encoding.UTF8.GetBytes(accessKeyId);
}
