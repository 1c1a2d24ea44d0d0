using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Versioning;

internal static class VersioningOperations
{
    private const string Subresource = "versioning";

    public static IServiceCollection AddVersioningOperations(this IServiceCollection services)
    {
        services.AddS3Operation<GetBucketVersioning>(
            new("GetBucketVersioning", "GET", S3Scope.Bucket, "s3:GetBucketVersioning", typeof(GetBucketVersioning))
            {
                Subresource = Subresource,
            });
        services.AddS3Operation<PutBucketVersioning>(
            new("PutBucketVersioning", "PUT", S3Scope.Bucket, "s3:PutBucketVersioning", typeof(PutBucketVersioning))
            {
                Subresource = Subresource,
            });

        return services;
    }
}
