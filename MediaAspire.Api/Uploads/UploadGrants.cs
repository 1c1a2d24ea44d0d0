using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MediaAspire.Core.AccessKeys;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Uploads;

/// <summary>Signs grants, and verifies them. Thread-safe.</summary>
/// <remarks>
/// The secret is derived from <c>S3:SecretsKey</c>, which only this process has: neither the database nor a chunk node can make an address.
/// While that key is replaced, addresses that were signed under <c>S3:OldSecretsKeys</c> stay valid.
/// </remarks>
internal sealed class UploadGrants(IOptions<AccessKeyOptions> keys, TimeProvider time)
{
    /// <summary>The parameter of an address that holds the token.</summary>
    public const string Parameter = "grant";

    // Separates these signatures from any other use of the key.
    private static readonly byte[] s_context = Encoding.UTF8.GetBytes("mediaaspire-upload-grant-v1");

    // A longer one was not made here; it is not decoded.
    private const int LongestToken = 8192;

    private readonly byte[][] _secrets =
        [.. new[] { keys.Value.SecretsKey }.Concat(keys.Value.OldSecretsKeys).Select(Derive)];

    /// <summary>Signs a grant.</summary>
    /// <returns>The token, of characters that an address does not encode.</returns>
    public string Sign(UploadGrant grant)
    {
        var payload = JsonSerializer.SerializeToUtf8Bytes(grant, UploadGrantJson.Default.UploadGrant);
        return $"{Base64Url.EncodeToString(payload)}.{Base64Url.EncodeToString(HMACSHA256.HashData(_secrets[0], payload))}";
    }

    /// <summary>Verifies a token.</summary>
    /// <param name="token">As the client sent it.</param>
    /// <param name="grant">The grant of a valid token.</param>
    public GrantOutcome Verify(string token, out UploadGrant? grant)
    {
        grant = null;
        if (token.Length > LongestToken || token.Split('.') is not [var encodedPayload, var encodedSignature]
            || !TryDecode(encodedPayload, out var payload) || !TryDecode(encodedSignature, out var signature)
            || !IsSigned(payload, signature))
        {
            return GrantOutcome.Invalid;
        }

        grant = JsonSerializer.Deserialize(payload, UploadGrantJson.Default.UploadGrant);
        return grant is null ? GrantOutcome.Invalid
            : grant.ExpiresAt > time.GetUtcNow().ToUnixTimeSeconds() ? GrantOutcome.Valid
            : GrantOutcome.Expired;
    }

    private static byte[] Derive(string key) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, Convert.FromBase64String(key), HMACSHA256.HashSizeInBytes, info: s_context);

    private static bool TryDecode(string text, out byte[] bytes)
    {
        bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (!Base64Url.TryDecodeFromChars(text, bytes, out var length))
        {
            return false;
        }

        bytes = bytes[..length];
        return true;
    }

    private bool IsSigned(byte[] payload, byte[] signature)
    {
        var isSigned = false;
        foreach (var secret in _secrets)
        {
            isSigned |= CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(secret, payload), signature);
        }

        return isSigned;
    }
}

/// <summary>The outcomes of verifying a token.</summary>
internal enum GrantOutcome
{
    Valid,
    Invalid,
    Expired,
}
