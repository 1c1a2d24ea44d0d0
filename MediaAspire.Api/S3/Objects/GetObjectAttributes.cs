using System.Globalization;
using System.Xml;
using MediaAspire.Api.S3.Lookup;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Objects;

namespace MediaAspire.Api.S3.Objects;

/// <summary>GetObjectAttributes: the metadata of an object without its bytes, including the parts in which it was uploaded.</summary>
internal sealed class GetObjectAttributes(ObjectLookup lookup, IS3Authorizer authorizer) : IS3Operation
{
    private const string Header = "x-amz-object-attributes";
    private const int MaxParts = 1000;

    private static readonly string[] s_names = ["ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"];

    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        var suffix = request.Parameter("versionId") is null ? "" : "Version";
        var check = authorizer.AuthorizeObject(request, $"s3:GetObject{suffix}", request.Bucket, request.Key)
            .And(authorizer.AuthorizeObject(request, $"s3:GetObject{suffix}Attributes", request.Bucket, request.Key));

        var wanted = ReadNames(request);
        var maxParts = Math.Min(ReadNumber(request, "x-amz-max-parts") ?? MaxParts, MaxParts);
        var marker = ReadNumber(request, "x-amz-part-number-marker") ?? 0;
        var (version, _, parts) = await lookup.LocateAsync(request, check, cancellationToken);

        var headers = request.Response.Headers;
        headers.LastModified = version.ModifiedAt.ToString("R", CultureInfo.InvariantCulture);
        VersionHeaders.Write(request, version);
        await S3Xml.WriteAsync(
            request,
            "GetObjectAttributesResponse",
            xml =>
            {
                if (wanted.Contains("ETag"))
                {
                    // Only here it has no quotes.
                    xml.Element("ETag", version.ETag);
                }

                if (wanted.Contains("Checksum") && version.Attributes.Checksum is { Value: not null } checksum)
                {
                    xml.Element("Checksum", content => ObjectResponse.WriteChecksum(content, checksum));
                }

                if (wanted.Contains("ObjectParts") && parts.Count > 0)
                {
                    WriteParts(xml, version, parts, marker, maxParts);
                }

                if (wanted.Contains("StorageClass"))
                {
                    xml.Element("StorageClass", version.Attributes.StorageClass);
                }

                if (wanted.Contains("ObjectSize"))
                {
                    xml.Element("ObjectSize", version.Size);
                }
            },
            cancellationToken);
    }

    private static HashSet<string> ReadNames(S3Request request)
    {
        var names = request.Headers[Header].ToString()
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .ToHashSet(StringComparer.Ordinal);
        return names.Count > 0 && names.IsSubsetOf(s_names)
            ? names
            : throw S3Errors.InvalidArgument(Header, request.Header(Header), "Invalid attribute name specified.").ToException();
    }

    private static int? ReadNumber(S3Request request, string header) =>
        request.Header(header) is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw S3Errors.InvalidArgument(header, text, "The value must be a non-negative integer.").ToException();

    private static void WriteParts(XmlWriter xml, ObjectVersion version, IReadOnlyList<ObjectPart> parts, int marker, int maxParts)
    {
        var following = parts.Where(part => part.Number > marker).ToList();
        var page = following.Take(maxParts).ToList();
        xml.Element("ObjectParts", content =>
        {
            content.Element("PartsCount", parts.Count);
            content.Element("PartNumberMarker", marker);
            content.Element("NextPartNumberMarker", page.Count == 0 ? marker : page[^1].Number);
            content.Element("MaxParts", maxParts);
            content.Element("IsTruncated", page.Count < following.Count);
            foreach (var part in page)
            {
                content.Element("Part", one =>
                {
                    one.Element("PartNumber", part.Number);
                    one.Element("Size", part.Size);
                    if (part.Checksum is { } value
                        && version.Attributes.Checksum is { } checksum
                        && ChecksumNames.TryParseAlgorithm(checksum.Algorithm, out var algorithm))
                    {
                        one.Element(algorithm.ElementName, value);
                    }
                });
            }
        });
    }
}
