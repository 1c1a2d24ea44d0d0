using MediaAspire.Api.S3.Lookup;
using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Multipart;

/// <summary>The operations on multipart uploads.</summary>
internal static class MultipartOperations
{
    public static IServiceCollection AddMultipart(this IServiceCollection services)
    {
        services.AddS3Operation<CreateMultipartUpload>(
            new("CreateMultipartUpload", HttpMethods.Post, S3Scope.Object, "s3:PutObject", typeof(CreateMultipartUpload))
            {
                Subresource = "uploads",
            });
        services.AddS3Operation<UploadPart>(
            new("UploadPart", HttpMethods.Put, S3Scope.Object, "s3:PutObject", typeof(UploadPart))
            {
                Subresource = "uploadId",
                Parameters = [S3Parameters.PartNumber],
            });
        services.AddS3Operation<UploadPartCopy>(
            new("UploadPartCopy", HttpMethods.Put, S3Scope.Object, "s3:PutObject", typeof(UploadPartCopy))
            {
                Subresource = "uploadId",
                Header = CopySource.Header,
                Parameters = [S3Parameters.PartNumber],
            });
        services.AddS3Operation<CompleteMultipartUpload>(
            new("CompleteMultipartUpload", HttpMethods.Post, S3Scope.Object, "s3:PutObject", typeof(CompleteMultipartUpload))
            {
                Subresource = "uploadId",
            });

        // These authorize their senders themselves, because they depend on the initiator of the upload.
        services.AddS3Operation<AbortMultipartUpload>(
            new("AbortMultipartUpload", HttpMethods.Delete, S3Scope.Object, Action: null, typeof(AbortMultipartUpload))
            {
                Subresource = "uploadId",
            });
        services.AddS3Operation<ListParts>(
            new("ListParts", HttpMethods.Get, S3Scope.Object, Action: null, typeof(ListParts)) { Subresource = "uploadId" });

        services.AddS3Operation<ListMultipartUploads>(
            new("ListMultipartUploads", HttpMethods.Get, S3Scope.Bucket, "s3:ListBucketMultipartUploads", typeof(ListMultipartUploads))
            {
                Subresource = "uploads",
            });

        return services;
    }
}
