using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Media.Shares;

/// <summary>The SHA-256 of the secret in a link. Only the link has the secret.</summary>
/// <param name="Hash">The hash.</param>
public readonly record struct ShareToken(ReadOnlyMemory<byte> Hash)
{
    /// <summary>Makes a secret and its token.</summary>
    public static (string Secret, ShareToken Token) Create()
    {
        var secret = RandomSecret.New();
        return (secret, Of(secret));
    }

    /// <summary>Parses the secret of a link, which may be any text.</summary>
    public static bool TryParse([NotNullWhen(true)] string? secret, out ShareToken token)
    {
        var isSecret = RandomSecret.IsWellFormed(secret);
        token = isSecret ? Of(secret!) : default;
        return isSecret;
    }

    private static ShareToken Of(string secret) => new(SHA256.HashData(Encoding.ASCII.GetBytes(secret)));
}
