using MediaAspire.Api.S3.Lookup;
using MediaAspire.Api.S3.Objects;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Multipart;
using MediaAspire.Core.Objects;
using MediaAspire.Core.Quotas;

namespace MediaAspire.Api.S3.Multipart;

/// <summary>
/// UploadPartCopy: copies an object, or a range of it, to a part. The bytes are read and written again, because a part is a file of its
/// own.
/// </summary>
internal sealed class UploadPartCopy(
    MultipartCatalog uploads, CopySources sources, ObjectReader reader, ContentReceiver receiver, QuotaGate quotas) : IS3Operation
{
    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        ObjectHeaders.RefuseUnsupported(request.Headers);
        var number = UploadTarget.PartNumber(request);
        var upload = await UploadTarget.FindAsync(request, uploads, cancellationToken);
        var source = await sources.FindAsync(request, cancellationToken);
        var range = CopySourceRange.Read(request.Header("x-amz-copy-source-range"), source.Version.Size);
        if (request.Bucket.IsLimited)
        {
            await quotas.RequireAsync(upload.Id, number, range.Length, cancellationToken);
        }

        await using var body = new CopiedContent(
            await reader.OpenAsync(source.Located, range.Offset, range.Length, cancellationToken), range.Length, cancellationToken);
        await using var content = await receiver.ReceiveAsync(
            body, ContentDeclaration.None, request.Key, upload.Attributes.ContentType, UploadTarget.Algorithm(upload), cancellationToken);
        var copiedAt = await PartCommit.CommitAsync(content, upload, number, cancellationToken);

        if (source.Bucket.Versioning != BucketVersioning.Off)
        {
            request.Response.Headers["x-amz-copy-source-version-id"] = source.Version.VersionName;
        }

        await S3Xml.WriteAsync(
            request,
            "CopyPartResult",
            xml =>
            {
                xml.Element("LastModified", copiedAt);
                xml.Element("ETag", $"\"{content.Md5}\"");
                if (upload.Attributes.Checksum is not null)
                {
                    xml.Element(content.Checksum.Algorithm.ElementName, content.Checksum.ToString());
                }
            },
            cancellationToken);
    }
}
