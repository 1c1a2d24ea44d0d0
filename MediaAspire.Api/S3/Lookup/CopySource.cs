using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Lookup;

/// <summary>The object that <c>x-amz-copy-source</c> names.</summary>
/// <param name="Bucket">The bucket's name.</param>
/// <param name="Key">The key.</param>
/// <param name="Version">The version's name; <see langword="null"/> for the latest.</param>
internal readonly record struct CopySource(string Bucket, string Key, string? Version)
{
    public const string Header = "x-amz-copy-source";

    private const string VersionParameter = "?versionId=";

    /// <summary>Reads the header: <c>/bucket/key?versionId=…</c>, percent-encoded, with or without the first slash.</summary>
    /// <exception cref="S3Exception">The header does not name an object.</exception>
    public static CopySource Parse(string header)
    {
        var text = header.StartsWith('/') ? header[1..] : header;

        // A question mark in the key is encoded.
        var version = text.LastIndexOf(VersionParameter, StringComparison.Ordinal);
        var path = version < 0 ? text : text[..version];
        if (path.StartsWith("%2F", StringComparison.OrdinalIgnoreCase))
        {
            path = path[3..];
        }

        // Some clients also encode the slash between bucket and key.
        var decoded = S3Target.Decode(path);
        var slash = decoded.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || slash + 1 >= decoded.Length)
        {
            throw S3Errors.InvalidArgument(
                Header, header, "Copy Source must mention the source bucket and key: sourcebucket/sourcekey").ToException();
        }

        var versionId = version < 0 ? null : S3Target.Decode(text[(version + VersionParameter.Length)..]);
        return new(decoded[..slash], decoded[(slash + 1)..], versionId);
    }
}
