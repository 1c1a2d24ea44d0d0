using System.Globalization;
using System.Xml;
using MediaAspire.Api.S3.Lookup;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Objects;

namespace MediaAspire.Api.S3.Objects;

/// <summary>The response headers that describe an object.</summary>
internal static class ObjectResponse
{
    private const string OverridePrefix = "response-";

    private static readonly string[] s_overridable =
        ["content-type", "content-language", "expires", "cache-control", "content-disposition", "content-encoding"];

    /// <summary>Writes the validators of a version: the entity tag, the time, the version id.</summary>
    public static void WriteValidators(S3Request request, ObjectVersion version)
    {
        var headers = request.Response.Headers;
        headers.ETag = $"\"{version.ETag}\"";
        headers.LastModified = version.ModifiedAt.ToString("R", CultureInfo.InvariantCulture);
        VersionHeaders.Write(request, version);
    }

    /// <summary>Writes the attributes that were put with the object, with the overrides of the query.</summary>
    public static void WriteAttributes(S3Request request, ObjectVersion version)
    {
        var (headers, attributes) = (request.Response.Headers, version.Attributes);
        headers.AcceptRanges = "bytes";
        headers.ContentType = attributes.ContentType;
        foreach (var (name, value) in attributes.Headers)
        {
            headers[name] = value;
        }

        foreach (var (name, value) in attributes.Metadata)
        {
            headers[ObjectHeaders.MetadataPrefix + name] = value;
        }

        if (attributes.Tags.Count > 0)
        {
            headers["x-amz-tagging-count"] = attributes.Tags.Count.ToString(CultureInfo.InvariantCulture);
        }

        foreach (var name in s_overridable)
        {
            if (request.Parameter(OverridePrefix + name) is { } value)
            {
                headers[name] = value;
            }
        }
    }

    /// <summary>Refuses overrides of anonymous senders, who could otherwise make this host send any header, and invalid ones.</summary>
    /// <exception cref="S3Exception">The request is not signed, or a value is not a valid header value.</exception>
    public static void CheckOverrides(S3Request request)
    {
        foreach (var name in s_overridable)
        {
            if (request.Parameter(OverridePrefix + name) is not { } value)
            {
                continue;
            }

            if (request.Principal.IsAnonymous)
            {
                throw S3Errors.InvalidRequest("Request specific response headers cannot be used for anonymous GET requests.").ToException();
            }

            if (value.Any(char.IsControl))
            {
                throw S3Errors.InvalidArgument(OverridePrefix + name, null, "A header must not contain control characters.").ToException();
            }
        }
    }

    public static void WriteChecksum(IHeaderDictionary headers, StoredChecksum? checksum)
    {
        if (checksum is { Value: { } value } && ChecksumNames.TryParseAlgorithm(checksum.Algorithm, out var algorithm))
        {
            headers[algorithm.HeaderName] = value;
            headers["x-amz-checksum-type"] = checksum.Type;
        }
    }

    /// <summary>Writes a checksum and its type as elements.</summary>
    public static void WriteChecksum(XmlWriter xml, StoredChecksum? checksum)
    {
        if (checksum is { Value: { } value } && ChecksumNames.TryParseAlgorithm(checksum.Algorithm, out var algorithm))
        {
            xml.Element(algorithm.ElementName, value);
            xml.Element("ChecksumType", checksum.Type);
        }
    }
}
