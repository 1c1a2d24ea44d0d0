using System.Text;

namespace MediaAspire.Api.S3.Protocol;

/// <summary>The bucket and key that a request names, by its path or its host.</summary>
/// <param name="Bucket">The bucket's name, unchecked; <see langword="null"/> for the service itself.</param>
/// <param name="Key">The object's key; <see langword="null"/> for the bucket itself.</param>
internal readonly record struct S3Target(string? Bucket, string? Key)
{
    private static readonly UTF8Encoding s_strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="rawTarget">
    /// The request line's target, not decoded: a server that normalizes paths would change keys such as <c>a/../b</c>.
    /// </param>
    /// <param name="host">The requested host, without port.</param>
    /// <param name="domains">The domains that a bucket's name may precede.</param>
    /// <exception cref="S3Exception">The path is not percent-encoded UTF-8.</exception>
    public static S3Target Parse(string rawTarget, string host, IReadOnlyList<string> domains)
    {
        var path = PathOf(rawTarget);
        if (BucketInHost(host, domains) is { } bucket)
        {
            return new(bucket, path.Length <= 1 ? null : Decode(path[1..]));
        }

        if (path.Length <= 1)
        {
            return default;
        }

        var slash = path.IndexOf('/', 1);
        return slash < 0
            ? new(Decode(path[1..]), null)
            : new(Decode(path[1..slash]), slash + 1 == path.Length ? null : Decode(path[(slash + 1)..]));
    }

    /// <summary>Gets the bucket in front of one of the domains; <see langword="null"/> when the path names the bucket.</summary>
    /// <param name="host">The requested host, without port.</param>
    /// <param name="domains">The domains that a bucket's name may precede.</param>
    public static string? BucketInHost(string host, IReadOnlyList<string> domains)
    {
        foreach (var domain in domains)
        {
            if (host.Length > domain.Length + 1
                && host.EndsWith(domain, StringComparison.OrdinalIgnoreCase)
                && host[^(domain.Length + 1)] == '.')
            {
                return host[..^(domain.Length + 1)].ToLowerInvariant();
            }
        }

        return null;
    }

    /// <summary>Decodes percent-encoding; a plus sign stays a plus sign.</summary>
    /// <exception cref="S3Exception">The text is not percent-encoded UTF-8.</exception>
    public static string Decode(string text)
    {
        if (!text.Contains('%', StringComparison.Ordinal))
        {
            return text;
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        var length = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] != '%')
            {
                bytes[length++] = bytes[i];
            }
            else if (i + 2 < bytes.Length && char.IsAsciiHexDigit((char)bytes[i + 1]) && char.IsAsciiHexDigit((char)bytes[i + 2]))
            {
                bytes[length++] = (byte)((Digit(bytes[i + 1]) << 4) | Digit(bytes[i + 2]));
                i += 2;
            }
            else
            {
                throw S3Errors.InvalidUri().ToException();
            }
        }

        try
        {
            var decoded = s_strictUtf8.GetString(bytes, 0, length);

            // Neither the database nor XML can represent it.
            return decoded.Contains('\0', StringComparison.Ordinal) ? throw S3Errors.InvalidUri().ToException() : decoded;
        }
        catch (DecoderFallbackException)
        {
            throw S3Errors.InvalidUri().ToException();
        }
    }

    private static int Digit(byte hex) => hex <= '9' ? hex - '0' : (hex | 0x20) - 'a' + 10;

    private static string PathOf(string rawTarget)
    {
        // The form for proxies also has a scheme and a host: http://host/path.
        var scheme = rawTarget.IndexOf("://", StringComparison.Ordinal);
        var query = rawTarget.IndexOf('?', StringComparison.Ordinal);
        var end = query < 0 ? rawTarget.Length : query;
        if (rawTarget.StartsWith('/') || scheme < 0 || scheme > end)
        {
            return rawTarget[..end];
        }

        var start = rawTarget.IndexOf('/', scheme + 3);
        return start < 0 || start > end ? "/" : rawTarget[start..end];
    }
}
