using MediaAspire.Api.S3.Objects;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Multipart;
using MediaAspire.Core.Quotas;
using MediaAspire.Core.Uploads;

namespace MediaAspire.Api.S3.Multipart;

/// <summary>UploadPart: receives a body as a part, and replaces the part with its number.</summary>
internal sealed class UploadPart(
    ContentReceiver receiver, MultipartCatalog uploads, QuotaGate quotas, UploadSessionMetrics metrics) : IS3Operation
{
    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        ObjectHeaders.RefuseUnsupported(request.Headers);
        var number = UploadTarget.PartNumber(request);
        var upload = await UploadTarget.FindAsync(request, uploads, cancellationToken);
        if (request.Bucket.IsLimited && request.Payload.Length is { } length)
        {
            await quotas.RequireAsync(upload.Id, number, length, cancellationToken);
        }

        await using var content = await receiver.ReceiveAsync(
            request, request.Key, upload.Attributes.ContentType, UploadTarget.Algorithm(upload), cancellationToken);
        await PartCommit.CommitAsync(content, upload, number, cancellationToken);
        metrics.ReceivedPart(content.Size);

        var answer = request.Response.Headers;
        answer.ETag = $"\"{content.Md5}\"";
        answer[content.Checksum.Algorithm.HeaderName] = content.Checksum.ToString();
        request.Response.ContentLength = 0;
    }
}
