using System.Globalization;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Multipart;

namespace MediaAspire.Api.S3.Multipart;

/// <summary>ListParts: lists the parts uploaded so far, at most 1,000 per response.</summary>
internal sealed class ListParts(MultipartCatalog uploads, IS3Owners owners, IS3Authorizer authorizer) : IS3Operation
{
    private const int MostParts = 1000;

    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        var upload = await UploadTarget.FindAsync(request, "s3:ListMultipartUploadParts", uploads, authorizer, cancellationToken);
        var limit = UploadTarget.Limit(request, "max-parts", MostParts);
        var marker = request.Parameter("part-number-marker") is { Length: > 0 } text
            ? int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw S3Errors.InvalidArgument(
                    "part-number-marker", text, "Argument part-number-marker must be an integer between 0 and 2147483647").ToException()
            : 0;

        // One part more than is shown tells whether the list is truncated.
        var parts = await uploads.ListPartsAsync(upload.Id, marker, limit + 1, cancellationToken);
        var shown = parts.Take(limit).ToList();
        var initiator = await owners.FindAsync(upload.InitiatorId, cancellationToken);
        var owner = await owners.FindAsync(upload.Attributes.OwnerId, cancellationToken);

        await S3Xml.WriteAsync(
            request,
            "ListPartsResult",
            xml =>
            {
                xml.Element("Bucket", request.BucketName);
                xml.Element("Key", request.Key);
                xml.Element("UploadId", upload.Id.ToString());
                xml.Owner("Initiator", initiator);
                xml.Owner("Owner", owner);
                xml.Element("StorageClass", upload.Attributes.StorageClass);
                xml.Element("PartNumberMarker", marker);
                if (parts.Count > limit && shown.Count > 0)
                {
                    xml.Element("NextPartNumberMarker", shown[^1].Number);
                }

                xml.Element("MaxParts", limit);
                xml.Element("IsTruncated", parts.Count > limit);
                if (upload.Attributes.Checksum is { } wanted)
                {
                    xml.Element("ChecksumAlgorithm", wanted.Algorithm);
                    xml.Element("ChecksumType", wanted.Type);
                }

                foreach (var part in shown)
                {
                    xml.Element("Part", element =>
                    {
                        element.Element("PartNumber", part.Number);
                        element.Element("LastModified", part.ModifiedAt);
                        element.Element("ETag", $"\"{part.ETag}\"");
                        element.Element("Size", part.Size);
                        if (part.Checksum is not null
                            && ChecksumNames.TryParseAlgorithm(upload.Attributes.Checksum?.Algorithm, out var algorithm))
                        {
                            element.Element(algorithm.ElementName, part.Checksum);
                        }
                    });
                }
            },
            cancellationToken);
    }
}
