using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Cluster;

/// <summary>The decision whether a caller belongs to the cluster, by the token that it presents.</summary>
/// <remarks>
/// Thread-safe. Callers without a token are refused even when this process has none, unless <c>Security:Open</c> is true.
/// </remarks>
public sealed class ClusterAccess(IOptions<ClusterOptions> options)
{
    private readonly bool _isOpen = options.Value.IsOpen && options.Value.Token.Length == 0;

    private readonly byte[][] _hashes =
        [.. new[] { options.Value.Token, options.Value.SecondToken }.Where(token => token.Length > 0).Select(ClusterToken.HashOf)];

    /// <summary>Determines whether a presented token is that of the cluster, in a time that does not depend on it.</summary>
    /// <param name="token">The token; null or empty when the caller presented none.</param>
    public bool Admits(string? token)
    {
        if (_isOpen)
        {
            return true;
        }

        if (string.IsNullOrEmpty(token) || token.Length > ClusterToken.MaxLength)
        {
            return false;
        }

        var presented = ClusterToken.HashOf(token);
        var matches = false;
        foreach (var hash in _hashes)
        {
            matches |= CryptographicOperations.FixedTimeEquals(presented, hash);
        }

        return matches;
    }
}
