using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Multipart;
using MediaAspire.Core.Uploads;

namespace MediaAspire.Api.S3.Multipart;

/// <summary>AbortMultipartUpload: releases the parts at once; their bytes are collected later.</summary>
internal sealed class AbortMultipartUpload(
    MultipartCatalog uploads, IS3Authorizer authorizer, UploadSessionMetrics metrics) : IS3Operation
{
    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        var upload = await UploadTarget.FindAsync(request, "s3:AbortMultipartUpload", uploads, authorizer, cancellationToken);
        if (!await uploads.AbortAsync(upload.Id, cancellationToken))
        {
            throw MultipartErrors.NoSuchUpload(upload.Id.ToString()).ToException();
        }

        metrics.Ended("cancelled", UploadForms.S3);
        request.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
