using MediaAspire.Api.S3.Objects;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Multipart;
using MediaAspire.Core.Objects;
using MediaAspire.Core.Uploads;

namespace MediaAspire.Api.S3.Multipart;

/// <summary>CreateMultipartUpload: records the attributes that the object will have.</summary>
internal sealed class CreateMultipartUpload(
    MultipartCatalog uploads, ObjectHeaders headers, UploadSessionMetrics metrics) : IS3Operation
{
    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        ObjectKeys.Check(request.Key);
        var checksum = Checksum(request);
        var attributes = await headers.ReadAsync(request, cancellationToken) with { Checksum = checksum };
        var id = await uploads.BeginAsync(
            request.Bucket.Id, request.Key, attributes, request.Principal.OwnerId ?? request.Bucket.OwnerId, cancellationToken)
            ?? throw S3Errors.NoSuchBucket(request.BucketName).ToException();
        metrics.Created(UploadForms.S3);
        if (checksum is not null)
        {
            request.Response.Headers["x-amz-checksum-algorithm"] = checksum.Algorithm;
            request.Response.Headers["x-amz-checksum-type"] = checksum.Type;
        }

        await S3Xml.WriteAsync(
            request,
            "InitiateMultipartUploadResult",
            xml =>
            {
                xml.Element("Bucket", request.BucketName);
                xml.Element("Key", request.Key);
                xml.Element("UploadId", id.ToString());
            },
            cancellationToken);
    }

    /// <summary>Reads the checksum algorithm and type of the object and its parts.</summary>
    private static StoredChecksum? Checksum(S3Request request)
    {
        var name = request.Header("x-amz-checksum-algorithm");
        var typeName = request.Header("x-amz-checksum-type");
        if (name is null)
        {
            return typeName is null
                ? null
                : throw S3Errors.InvalidRequest(
                    "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.").ToException();
        }

        if (!ChecksumNames.TryParseAlgorithm(name, out var algorithm))
        {
            throw S3Errors.InvalidRequest(
                "Checksum algorithm provided is unsupported. "
                + "Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]").ToException();
        }

        var type = algorithm.DefaultType;
        if (typeName is not null && !ChecksumTypeNames.TryParseType(typeName, out type))
        {
            throw S3Errors.InvalidRequest("Value for x-amz-checksum-type header is invalid.").ToException();
        }

        return algorithm.Supports(type)
            ? new(algorithm.WireName, type.WireName, Value: null)
            : throw S3Errors.InvalidRequest(
                $"The {type.WireName} checksum type cannot be used with the {algorithm.WireName} checksum algorithm.").ToException();
    }
}
