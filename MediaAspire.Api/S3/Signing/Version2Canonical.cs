using System.Buffers;
using System.Text;

namespace MediaAspire.Api.S3.Signing;

/// <summary>Writes the string that client and server sign in version 2.</summary>
/// <remarks>
/// Version 2 signs the headers <c>x-amz-*</c>, <c>Content-MD5</c> and <c>Content-Type</c>, and only some parameters of the query. A
/// presigned URL may carry these headers in its query, where they count as headers.
/// </remarks>
internal static class Version2Canonical
{
    public const string ContentMd5 = "content-md5";
    public const string ContentType = "content-type";

    private const string AmazonPrefix = "x-amz-";

    // The list of "Signing and authenticating REST requests", and those that botocore adds.
    private static readonly HashSet<string> s_signed = new(StringComparer.OrdinalIgnoreCase)
    {
        "accelerate", "acl", "analytics", "cors", "defaultObjectAcl", "delete", "inventory", "lifecycle", "location", "logging", "metrics",
        "notification", "object-lock", "partNumber", "policy", "replication", "requestPayment", "restore", "select", "select-type",
        "storageClass", "tagging", "torrent", "uploadId", "uploads", "versionId", "versioning", "versions", "website",
        "response-cache-control", "response-content-disposition", "response-content-encoding", "response-content-language",
        "response-content-type", "response-expires",
    };

    /// <summary>Determines whether a path names a bucket, without a slash at its end.</summary>
    public static bool IsOnlyBucket(string rawPath) => rawPath.Length > 1 && rawPath.LastIndexOf('/') == 0;

    /// <summary>Writes the string to sign.</summary>
    /// <param name="request">The request as it was sent.</param>
    /// <param name="query">Its parsed query.</param>
    /// <param name="bucket">The bucket in the host; <see langword="null"/> when the path names the bucket.</param>
    /// <param name="path">The form of the path.</param>
    /// <param name="expires">The end of a presigned URL; <see langword="null"/> when the signature is in the header.</param>
    /// <param name="isSelecting">
    /// Determines whether a parameter selects an operation. Such a parameter is always signed, or the holder of a URL could add another
    /// operation to it.
    /// </param>
    public static byte[] Write(
        RequestToVerify request, RequestQuery query, string? bucket, CanonicalPath path, string? expires, Func<string, bool> isSelecting)
    {
        var text = new ArrayBufferWriter<byte>(512);
        var hoisted = expires is null ? null : query;
        Append(text, request.Method);
        text.Write("\n"u8);
        Append(text, Header(ContentMd5));
        text.Write("\n"u8);
        Append(text, Header(ContentType));
        text.Write("\n"u8);
        Append(text, expires ?? (request.Headers.ContainsKey(SigV4.DateHeader) ? "" : request.Headers.Date.ToString()));
        text.Write("\n"u8);
        AppendAmazonHeaders(text, request.Headers, hoisted);
        AppendResource(text, request, query, bucket, path, isSelecting);
        return text.WrittenSpan.ToArray();

        string Header(string name) =>
            (request.Headers.TryGetValue(name, out var values) ? values.ToString() : hoisted?.Find(name) ?? "").Trim();
    }

    private static void AppendAmazonHeaders(ArrayBufferWriter<byte> text, IHeaderDictionary headers, RequestQuery? hoisted)
    {
        var lines = new SortedDictionary<string, List<byte[]>>(StringComparer.Ordinal);
        foreach (var (header, values) in headers)
        {
            if (header.StartsWith(AmazonPrefix, StringComparison.OrdinalIgnoreCase))
            {
                var name = header.ToLowerInvariant();
                var encoding = CanonicalRequest.EncodingOf(name);
                lines[name] = [.. values.Select(value => encoding.GetBytes((value ?? "").Trim()))];
            }
        }

        // A header takes precedence, as it does for the operation.
        foreach (var parameter in (hoisted?.Parameters ?? []).GroupBy(parameter => parameter.Name.ToLowerInvariant()))
        {
            if (parameter.Key.StartsWith(AmazonPrefix, StringComparison.Ordinal) && !lines.ContainsKey(parameter.Key))
            {
                lines[parameter.Key] = [.. parameter.Select(pair => pair.Value[Ascii.Trim(pair.Value)])];
            }
        }

        foreach (var (name, values) in lines)
        {
            Append(text, name);
            text.Write(":"u8);
            for (var index = 0; index < values.Count; index++)
            {
                text.Write(index > 0 ? ","u8 : ""u8);
                text.Write(values[index]);
            }

            text.Write("\n"u8);
        }
    }

    private static void AppendResource(
        ArrayBufferWriter<byte> text,
        RequestToVerify request,
        RequestQuery query,
        string? bucket,
        CanonicalPath path,
        Func<string, bool> isSelecting)
    {
        if (bucket is not null)
        {
            Append(text, $"/{bucket}");
        }

        CanonicalRequest.WritePath(request, path, text);

        var separator = "?"u8;
        foreach (var (name, value) in query.Pairs
            .Where(pair => s_signed.Contains(pair.Name) || isSelecting(pair.Name))
            .OrderBy(pair => pair.Name, StringComparer.Ordinal))
        {
            text.Write(separator);
            separator = "&"u8;
            Append(text, name);
            if (value is not null)
            {
                text.Write("="u8);
                text.Write(value);
            }
        }
    }

    private static void Append(ArrayBufferWriter<byte> text, ReadOnlySpan<char> value) => Encoding.UTF8.GetBytes(value, text);
}
