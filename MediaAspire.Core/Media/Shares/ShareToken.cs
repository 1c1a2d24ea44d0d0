using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace MediaAspire.Core.Media.Shares;

/// <summary>The SHA-256 of the secret in a link. Only the link has the secret.</summary>
/// <param name="Hash">The hash.</param>
public readonly record struct ShareToken(ReadOnlyMemory<byte> Hash)
{
    // 256 random bits: 62^43 > 2^256.
    private const int Length = 43;
    private const string Characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>Makes a secret and its token.</summary>
    public static (string Secret, ShareToken Token) Create()
    {
        var secret = RandomNumberGenerator.GetString(Characters, Length);
        return (secret, Of(secret));
    }

    /// <summary>Parses the secret of a link, which may be any text.</summary>
    public static bool TryParse([NotNullWhen(true)] string? secret, out ShareToken token)
    {
        var isSecret = secret is { Length: Length } && secret.All(char.IsAsciiLetterOrDigit);
        token = isSecret ? Of(secret!) : default;
        return isSecret;
    }

    private static ShareToken Of(string secret) => new(SHA256.HashData(Encoding.ASCII.GetBytes(secret)));
}
