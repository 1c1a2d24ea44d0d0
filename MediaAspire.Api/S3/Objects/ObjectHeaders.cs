using System.Buffers;
using MediaAspire.Api.S3.Locks;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Api.S3.Tagging;
using MediaAspire.Core.Objects;

namespace MediaAspire.Api.S3.Objects;

/// <summary>Reads the attributes of an object from the headers of a request, or from the fields of a form.</summary>
internal sealed class ObjectHeaders(IObjectAccess access, LockHeaders locks)
{
    public const string MetadataPrefix = "x-amz-meta-";

    public const string DefaultContentType = "binary/octet-stream";

    /// <summary>The maximum size of all names and values of the user's metadata together, in bytes.</summary>
    public const int MaxMetadataSize = 2048;

    /// <summary>The headers that are returned as they were sent, besides the content type.</summary>
    public static readonly string[] Kept =
        ["cache-control", "content-disposition", "content-encoding", "content-language", "expires", "x-amz-website-redirect-location"];

    private static readonly SearchValues<char> s_controls =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Append(0x7F).Select(code => (char)code).Where(c => c != '\t')]);

    private static readonly string[] s_otherStorageClasses =
    [
        "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER", "DEEP_ARCHIVE", "OUTPOSTS", "GLACIER_IR",
        "SNOW", "EXPRESS_ONEZONE", "FSX_OPENZFS", "FSX_ONTAP",
    ];

    /// <summary>Reads all attributes of a request but the checksum.</summary>
    /// <exception cref="S3Exception">A header is malformed, or asks for an unsupported feature.</exception>
    public Task<ObjectAttributes> ReadAsync(S3Request request, CancellationToken cancellationToken) =>
        ReadAsync(request, request.Headers, request.Key, cancellationToken);

    /// <summary>Reads all attributes but the checksum from headers that are not always the request's own.</summary>
    /// <inheritdoc cref="ReadAsync(S3Request, CancellationToken)"/>
    public async Task<ObjectAttributes> ReadAsync(
        S3Request request, IHeaderDictionary headers, string key, CancellationToken cancellationToken)
    {
        RefuseUnsupported(headers);
        var owner = await access.ForNewObjectAsync(request, headers, cancellationToken);
        var contentType = headers.ContentType.ToString();
        return new(owner.OwnerId, contentType.Length == 0 ? DefaultContentType : Checked("Content-Type", contentType))
        {
            Acl = owner.Acl,
            Headers = ReadKept(headers),
            Metadata = ReadMetadata(headers),
            Tags = TagSet.ParseHeader(headers["x-amz-tagging"]),
            StorageClass = ReadStorageClass(headers),
            Lock = await locks.ReadAsync(request, headers, key, cancellationToken),
        };
    }

    /// <summary>Removes the coding of the transport from <c>Content-Encoding</c>; <see langword="null"/> when nothing is left.</summary>
    internal static string? WithoutChunking(string contentEncoding)
    {
        var rest = contentEncoding.Split(',', StringSplitOptions.TrimEntries)
            .Where(coding => !coding.Equals("aws-chunked", StringComparison.OrdinalIgnoreCase))
            .ToList();
        return rest.Count == 0 ? null
            : contentEncoding.Contains("aws-chunked", StringComparison.OrdinalIgnoreCase) ? string.Join(',', rest)
            : contentEncoding;
    }

    /// <exception cref="S3Exception">The headers ask for encryption, or to append to an object: a plain put would overwrite it.</exception>
    public static void RefuseUnsupported(IHeaderDictionary headers)
    {
        foreach (var name in headers.Keys)
        {
            if (name.StartsWith("x-amz-server-side-encryption", StringComparison.OrdinalIgnoreCase)
                || name.Equals("x-amz-write-offset-bytes", StringComparison.OrdinalIgnoreCase))
            {
                throw S3Errors.NotImplemented().With("Header", name).ToException();
            }
        }
    }

    private static Dictionary<string, string> ReadKept(IHeaderDictionary headers)
    {
        var kept = new Dictionary<string, string>();
        foreach (var name in Kept)
        {
            var value = headers[name].ToString();
            if (name == "content-encoding")
            {
                value = WithoutChunking(value) ?? "";
            }

            if (value.Length > 0)
            {
                kept.Add(name, Checked(name, value));
            }
        }

        return kept;
    }

    private static SortedDictionary<string, string> ReadMetadata(IHeaderDictionary headers)
    {
        var metadata = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var size = 0;
        foreach (var (header, values) in headers)
        {
            if (!header.StartsWith(MetadataPrefix, StringComparison.OrdinalIgnoreCase) || header.Length == MetadataPrefix.Length)
            {
                continue;
            }

            var name = header[MetadataPrefix.Length..].ToLowerInvariant();
            var value = Checked(header, values.ToString());
            size += name.Length + value.Length;
            metadata.Add(name, value);
        }

        return size <= MaxMetadataSize ? metadata : throw ObjectErrors.MetadataTooLarge(size, MaxMetadataSize).ToException();
    }

    private static string ReadStorageClass(IHeaderDictionary headers) => headers["x-amz-storage-class"].ToString() switch
    {
        "" or "STANDARD" => "STANDARD",
        var other when s_otherStorageClasses.Contains(other) =>
            throw S3Errors.NotImplemented().With("Header", "x-amz-storage-class").ToException(),
        var unknown => throw ObjectErrors.InvalidStorageClass(unknown).ToException(),
    };

    // A value that cannot be returned must not be accepted.
    private static string Checked(string name, string value) =>
        value.AsSpan().ContainsAny(s_controls)
            ? throw S3Errors.InvalidArgument(name, null, "A header must not contain control characters.").ToException()
            : value;
}
