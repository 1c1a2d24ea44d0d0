using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace MediaAspire.Core.ObjectStore;

/// <summary>The connection string of an S3: LocalStack, AWS, our own, or any other.</summary>
/// <param name="Endpoint">Its address; buckets are named in the path.</param>
/// <param name="AccessKey">The id of the key that signs.</param>
/// <param name="SecretKey">Its secret. Never logged.</param>
/// <param name="Region">The region for which requests are signed.</param>
/// <param name="Bucket">The bucket that the platform uses.</param>
/// <example><c>Endpoint=http://127.0.0.1:9000;AccessKey=…;SecretKey=…;Region=us-east-1;Bucket=media</c></example>
public sealed record ObjectStoreConnection(Uri Endpoint, string AccessKey, string SecretKey, string Region, string Bucket)
{
    private const string DefaultRegion = "us-east-1";

    /// <summary>Reads a connection string. Every part but the region is needed; the region is us-east-1 by default.</summary>
    /// <param name="text">The connection string.</param>
    /// <param name="connection">The parsed connection.</param>
    /// <param name="error">The error, in a sentence without secrets.</param>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out ObjectStoreConnection? connection, [NotNullWhen(false)] out string? error)
    {
        connection = null;
        var parts = new DbConnectionStringBuilder();
        try
        {
            parts.ConnectionString = text;
        }
        catch (ArgumentException)
        {
            // The exception's message quotes the string, with its secret.
            error = "expected the form Name=value;Name=value.";
            return false;
        }

        string? Part(string name) => parts.TryGetValue(name, out var value) && value is string { Length: > 0 } part ? part : null;

        string[] needed = ["Endpoint", "AccessKey", "SecretKey", "Bucket"];
        if (needed.Where(name => Part(name) is null).ToArray() is { Length: > 0 } missing)
        {
            error = $"required parts are missing: {string.Join(", ", missing)}.";
            return false;
        }

        if (!IsEndpoint(Part("Endpoint")!))
        {
            error = "its Endpoint is not an absolute http or https address without path.";
            return false;
        }

        connection = new ObjectStoreConnection(
            new Uri(Part("Endpoint")!), Part("AccessKey")!, Part("SecretKey")!, Part("Region") ?? DefaultRegion, Part("Bucket")!);
        error = null;
        return true;
    }

    // Keeps the secret out of printed records.
    public override string ToString() => $"{Endpoint}{Bucket} as {AccessKey}";

    internal static bool IsEndpoint(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            && uri.PathAndQuery == "/" && uri.Fragment.Length == 0;
}
