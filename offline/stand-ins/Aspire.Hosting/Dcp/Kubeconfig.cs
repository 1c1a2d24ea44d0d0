using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Aspire.Hosting.Dcp;

/// <summary>How to reach dcp: its address, the only certificate to trust, and the token that it wants.</summary>
internal sealed record Kubeconfig(Uri Server, X509Certificate2 Authority, string Token)
{
    /// <summary>Reads the three values out of a kubeconfig; null while dcp has not written all of it.</summary>
    /// <remarks>
    /// The file is YAML with one cluster and one user, of which these lines matter:
    /// <code>
    ///     certificate-authority-data: LS0tLS1CRUdJTi...
    ///     server: https://127.0.0.1:41231
    ///     token: 4f0c...
    /// </code>
    /// </remarks>
    public static Kubeconfig? TryParse(string text)
    {
        var server = Value(text, "server:");
        var authority = Value(text, "certificate-authority-data:");
        var token = Value(text, "token:");

        // The last line counts only with its end: dcp may be in the middle of writing it.
        if (server is null || authority is null || token is null || !text.EndsWith('\n'))
        {
            return null;
        }

        var pem = Encoding.ASCII.GetString(Convert.FromBase64String(authority));
        return new(new(server), X509Certificate2.CreateFromPem(pem), token);
    }

    private static string? Value(string text, string key) =>
        text.Split('\n')
            .Select(line => line.Trim())
            .Where(line => line.StartsWith(key, StringComparison.Ordinal))
            .Select(line => line[key.Length..].Trim().Trim('"'))
            .FirstOrDefault(value => value.Length > 0);
}
