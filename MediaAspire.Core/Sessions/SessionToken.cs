using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Sessions;

/// <summary>The SHA-256 of the secret in a session's cookie. Only the cookie has the secret.</summary>
/// <param name="Hash">The hash in hexadecimal digits.</param>
public readonly record struct SessionToken(string Hash)
{
    internal byte[] Bytes => Convert.FromHexString(Hash);

    /// <summary>Makes a secret and its token.</summary>
    public static (string Secret, SessionToken Token) Create()
    {
        var secret = RandomSecret.New();
        return (secret, Of(secret));
    }

    /// <summary>Parses the secret of a cookie, which may be any text.</summary>
    public static bool TryParse([NotNullWhen(true)] string? secret, out SessionToken token)
    {
        var isSecret = RandomSecret.IsWellFormed(secret);
        token = isSecret ? Of(secret!) : default;
        return isSecret;
    }

    private static SessionToken Of(string secret) => new(Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(secret))));
}
