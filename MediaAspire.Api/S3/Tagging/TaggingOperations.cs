using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Tagging;

/// <summary>The operations on the tags of buckets and objects.</summary>
internal static class TaggingOperations
{
    private const string Subresource = "tagging";

    public static IServiceCollection AddTaggingOperations(this IServiceCollection services)
    {
        // The actions on objects depend on whether the request names a version.
        services.AddS3Operation<GetObjectTagging>(
            new("GetObjectTagging", HttpMethods.Get, S3Scope.Object, Action: null, typeof(GetObjectTagging))
            {
                Subresource = Subresource,
                Parameters = [S3Parameters.VersionId],
            });
        services.AddS3Operation<PutObjectTagging>(
            new("PutObjectTagging", HttpMethods.Put, S3Scope.Object, Action: null, typeof(PutObjectTagging))
            {
                Subresource = Subresource,
                Parameters = [S3Parameters.VersionId],
            });
        services.AddS3Operation<DeleteObjectTagging>(
            new("DeleteObjectTagging", HttpMethods.Delete, S3Scope.Object, Action: null, typeof(DeleteObjectTagging))
            {
                Subresource = Subresource,
                Parameters = [S3Parameters.VersionId],
            });
        services.AddS3Operation<GetBucketTagging>(
            new("GetBucketTagging", HttpMethods.Get, S3Scope.Bucket, "s3:GetBucketTagging", typeof(GetBucketTagging))
            {
                Subresource = Subresource,
            });
        services.AddS3Operation<PutBucketTagging>(
            new("PutBucketTagging", HttpMethods.Put, S3Scope.Bucket, "s3:PutBucketTagging", typeof(PutBucketTagging))
            {
                Subresource = Subresource,
            });
        services.AddS3Operation<DeleteBucketTagging>(
            new("DeleteBucketTagging", HttpMethods.Delete, S3Scope.Bucket, "s3:PutBucketTagging", typeof(DeleteBucketTagging))
            {
                Subresource = Subresource,
            });

        return services;
    }
}
