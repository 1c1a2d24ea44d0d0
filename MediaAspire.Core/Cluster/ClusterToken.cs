using System.Security.Cryptography;
using System.Text;

namespace MediaAspire.Core.Cluster;

/// <summary>The secret that the cluster's processes show each other.</summary>
public static class ClusterToken
{
    /// <summary>The gRPC header that carries it.</summary>
    public const string HeaderName = "mediaaspire-cluster-token";

    /// <summary>Compares in a time that does not depend on the secret.</summary>
    public static bool Matches(string? shown, string expected) =>
        CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(shown ?? "")), SHA256.HashData(Encoding.UTF8.GetBytes(expected)));
}
