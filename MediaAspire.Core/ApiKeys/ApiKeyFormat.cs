using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.ApiKeys;

/// <summary>The text of API keys, <c>ma_&lt;keyId&gt;_&lt;secret&gt;</c>, and the creation of new ones.</summary>
public static class ApiKeyFormat
{
    /// <summary>The beginning of every key, by which people and scanners of repositories recognize one.</summary>
    public const string Prefix = "ma_";

    public const string IdRule = "3 to 32 letters and digits";

    public const string Rule = "ma_<keyId>_<secret>, with a key id of 3 to 32 and a secret of 32 to 128 letters and digits";

    /// <summary>The length of <see cref="Hash(ReadOnlySpan{char})"/>.</summary>
    public const int HashBytes = SHA256.HashSizeInBytes;

    private const int MinIdLength = 3;
    private const int MaxIdLength = 32;
    private const int MinSecretLength = 32;
    private const int MaxSecretLength = 128;

    // 80 bits, so that ids never repeat.
    private const int NewIdLength = 16;

    // No digit of an id is taken for a letter.
    private const string IdCharacters = "abcdefghijkmnpqrstuvwxyz23456789";

    private static readonly SearchValues<char> s_characters = SearchValues.Create(RandomSecret.Characters);

    /// <summary>Makes an id of 16 lower-case letters and digits.</summary>
    public static string NewId() => RandomNumberGenerator.GetString(IdCharacters, NewIdLength);

    /// <summary>Makes a secret of 43 letters and digits, 256 random bits.</summary>
    public static string NewSecret() => RandomSecret.New();

    /// <summary>Composes the text of a key.</summary>
    public static string Compose(string keyId, string secret) => $"{Prefix}{keyId}_{secret}";

    /// <summary>Checks a key's id.</summary>
    public static bool IsId([NotNullWhen(true)] string? id) =>
        id is { Length: >= MinIdLength and <= MaxIdLength } && !id.AsSpan().ContainsAnyExcept(s_characters);

    /// <summary>Splits the text of a key, which may be of any length and have any characters.</summary>
    /// <param name="text">As a client sent it.</param>
    /// <param name="keyId">The public part.</param>
    /// <param name="secret">The secret part.</param>
    /// <returns><see langword="false"/> when the text does not have the form of a key.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out ReadOnlySpan<char> keyId, out ReadOnlySpan<char> secret)
    {
        keyId = secret = default;
        if (text.Length > Prefix.Length + MaxIdLength + 1 + MaxSecretLength || !text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        var rest = text[Prefix.Length..];
        var end = rest.IndexOf('_');
        if (end is < MinIdLength or > MaxIdLength)
        {
            return false;
        }

        keyId = rest[..end];
        secret = rest[(end + 1)..];
        return secret.Length is >= MinSecretLength and <= MaxSecretLength
            && !keyId.ContainsAnyExcept(s_characters) && !secret.ContainsAnyExcept(s_characters);
    }

    /// <summary>Computes what is stored of a secret: its SHA-256.</summary>
    public static byte[] Hash(ReadOnlySpan<char> secret)
    {
        var hash = new byte[HashBytes];
        Hash(secret, hash);
        return hash;
    }

    /// <summary>Computes the SHA-256 of a secret without allocating.</summary>
    /// <param name="secret">A secret of the form that <see cref="TryParse"/> accepts.</param>
    /// <param name="hash">Receives <see cref="HashBytes"/> bytes.</param>
    internal static void Hash(ReadOnlySpan<char> secret, Span<byte> hash)
    {
        Span<byte> bytes = stackalloc byte[MaxSecretLength];
        var written = Encoding.ASCII.GetBytes(secret, bytes);
        SHA256.HashData(bytes[..written], hash);
        CryptographicOperations.ZeroMemory(bytes);
    }
}
