using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace MediaAspire.Core.Images;

/// <summary>A secret whose holder may delete an alias. Only its hash is stored.</summary>
public sealed class DeleteToken
{
    private const int RandomBytes = 24;
    private const int LongestText = 200;

    private readonly string _text;

    private DeleteToken(string text) => _text = text;

    /// <summary>Makes a token of 32 characters with 192 random bits.</summary>
    public static DeleteToken New() => new(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes)));

    /// <summary>Parses a token that a client sent. Tokens of other systems may have other forms.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out DeleteToken? token)
    {
        token = text is { Length: >= 1 and <= LongestText } ? new DeleteToken(text) : null;
        return token is not null;
    }

    /// <summary>Gets the token as clients send it. A secret: never logged.</summary>
    public string Reveal() => _text;

    /// <summary>Computes the SHA-256 to store.</summary>
    public byte[] Hash() => SHA256.HashData(Encoding.UTF8.GetBytes(_text));

    /// <summary>Determines whether a stored hash is that of the token, in constant time.</summary>
    public bool Matches(ReadOnlySpan<byte> hash) => CryptographicOperations.FixedTimeEquals(Hash(), hash);

    public override string ToString() => "(a delete token)";
}
