using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace MediaAspire.Core.Cluster;

/// <summary>The secret that the cluster's processes show each other.</summary>
public static class ClusterToken
{
    /// <summary>The gRPC header that carries it.</summary>
    public const string HeaderName = "mediaaspire-cluster-token";

    internal const int MinLength = 16;
    internal const int MaxLength = 1024;

    // A header carries them all, and a token with the line break of its file is found at once.
    private static readonly SearchValues<char> s_characters =
        SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Select(c => (char)c)]);

    /// <summary>Determines whether a text is long enough for a token, and fits into a header.</summary>
    internal static bool IsValid(string token) =>
        token.Length is >= MinLength and <= MaxLength && !token.AsSpan().ContainsAnyExcept(s_characters);

    /// <summary>Computes the SHA-256 of a token. Tokens are compared by it, in a time that does not depend on them.</summary>
    internal static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
