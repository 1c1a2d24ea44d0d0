using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Multipart;

namespace MediaAspire.Api.S3.Multipart;

/// <summary>AbortMultipartUpload: releases the parts at once; their bytes are collected later.</summary>
internal sealed class AbortMultipartUpload(MultipartCatalog uploads, IS3Authorizer authorizer) : IS3Operation
{
    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        var upload = await UploadTarget.FindAsync(request, "s3:AbortMultipartUpload", uploads, authorizer, cancellationToken);
        if (!await uploads.AbortAsync(upload.Id, cancellationToken))
        {
            throw MultipartErrors.NoSuchUpload(upload.Id.ToString()).ToException();
        }

        request.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
