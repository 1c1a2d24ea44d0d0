using System.Globalization;
using MediaAspire.Api.S3.Lifecycle;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Multipart;
using MediaAspire.Core.Objects;
using MediaAspire.Core.Uploads;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.S3.Multipart;

/// <summary>CompleteMultipartUpload: makes the parts one object. No byte is copied, so it returns at once for every size.</summary>
internal sealed class CompleteMultipartUpload(
    MultipartCatalog uploads, ExpirationHeader expiration, UploadSessionMetrics metrics, IOptions<S3Options> options) : IS3Operation
{
    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        var upload = await UploadTarget.FindAsync(request, uploads, cancellationToken, includeCompleted: true);

        // A checksum in the headers is the object's.
        var declared = DeclaredChecksums(request);
        var document = await S3Documents.TryReadXmlAsync(
            request, DocumentBounds.Completion, cancellationToken, includesChecksums: false);
        var list = CompletedPartList.Read(document ?? throw S3Errors.MalformedXml().ToException());
        var conditions = new ObjectConditions(Unquoted(request.Header("If-Match")), Unquoted(request.Header("If-None-Match")));
        var wanted = WantedChecksum(request, upload);

        var completion = await uploads.CompleteAsync(
            upload,
            parts =>
            {
                var chosen = list.Choose(parts, upload.IsContinued ? 0 : options.Value.MinPartSize, wanted);
                Check(request, declared, chosen);
                return chosen;
            },
            conditions,
            cancellationToken);
        if (completion.Version is not { } version)
        {
            var error = completion.IsGone
                ? MultipartErrors.NoSuchUpload(upload.Id.ToString())
                : Refused(request, completion.Outcome);
            throw error.ToException();
        }

        if (upload.CompletedVersion is null)
        {
            metrics.Ended("completed", UploadForms.S3);
        }

        await AnswerAsync(request, version, cancellationToken);
    }

    private static S3Error Refused(S3Request request, ObjectWriteOutcome outcome) => outcome switch
    {
        ObjectWriteOutcome.NoSuchBucket => S3Errors.NoSuchBucket(request.BucketName),
        ObjectWriteOutcome.NoSuchKey => S3Errors.NoSuchKey(request.Key),
        _ => S3Errors.PreconditionFailed(request.Header("If-Match") is null ? "If-None-Match" : "If-Match"),
    };

    private static StoredChecksum? WantedChecksum(S3Request request, MultipartUpload upload) =>
        request.Header("x-amz-checksum-type") is { } type
        && upload.Attributes.Checksum is { } wanted
        && !type.Equals(wanted.Type, StringComparison.OrdinalIgnoreCase)
            ? throw MultipartErrors.ChecksumTypeMismatch().ToException()
            : upload.Attributes.Checksum;

    private static List<(ChecksumAlgorithm Algorithm, ObjectChecksum Value)> DeclaredChecksums(S3Request request)
    {
        var declared = new List<(ChecksumAlgorithm, ObjectChecksum)>();
        foreach (var algorithm in ChecksumNames.All)
        {
            if (request.Header(algorithm.HeaderName) is { } text)
            {
                declared.Add((algorithm, ObjectChecksum.TryParse(algorithm, text, out var checksum)
                    ? checksum
                    : throw S3Errors.InvalidChecksum(algorithm).ToException()));
            }
        }

        return declared;
    }

    /// <summary>Compares what the client says of the whole object: its length, its checksum.</summary>
    private static void Check(
        S3Request request, IEnumerable<(ChecksumAlgorithm Algorithm, ObjectChecksum Value)> declared, CompletedParts chosen)
    {
        if (request.Header("x-amz-mp-object-size") is { } size
            && size != chosen.Parts.Sum(part => part.Size).ToString(CultureInfo.InvariantCulture))
        {
            throw MultipartErrors.SizeMismatch().ToException();
        }

        foreach (var (algorithm, value) in declared)
        {
            // Nothing was computed that it could be compared with.
            var actual = chosen.Checksum ?? throw MultipartErrors.NoChecksum(algorithm).ToException();
            if (actual.Algorithm != algorithm.WireName || actual.Value != value.ToString())
            {
                throw S3Errors.BadChecksum(algorithm).ToException();
            }
        }
    }

    private Task AnswerAsync(S3Request request, ObjectVersion made, CancellationToken cancellationToken)
    {
        if (request.Bucket.Versioning == BucketVersioning.Enabled)
        {
            request.Response.Headers["x-amz-version-id"] = made.VersionName;
        }

        expiration.Set(request.Response, request.Bucket, made);
        var http = request.Http.Request;
        var location = $"{http.Scheme}://{http.Host}{http.PathBase}/{request.BucketName}/{Uri.EscapeDataString(request.Key)}";
        return S3Xml.WriteAsync(
            request,
            "CompleteMultipartUploadResult",
            xml =>
            {
                xml.Element("Location", location);
                xml.Element("Bucket", request.BucketName);
                xml.Element("Key", request.Key);
                xml.Element("ETag", $"\"{made.ETag}\"");
                if (made.Attributes.Checksum is { Value: { } value } checksum
                    && ChecksumNames.TryParseAlgorithm(checksum.Algorithm, out var algorithm))
                {
                    xml.Element(algorithm.ElementName, value);
                    xml.Element("ChecksumType", checksum.Type);
                }
            },
            cancellationToken);
    }

    private static string? Unquoted(string? etag) => etag?.Trim().Trim('"');
}
