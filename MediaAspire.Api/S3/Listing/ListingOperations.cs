using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Listing;

internal static class ListingOperations
{
    public static IServiceCollection AddListingOperations(this IServiceCollection services)
    {
        services.AddS3Operation<ListObjects>(new("ListObjects", "GET", S3Scope.Bucket, "s3:ListBucket", typeof(ListObjects)));
        services.AddS3Operation<ListObjectsV2>(
            new("ListObjectsV2", "GET", S3Scope.Bucket, "s3:ListBucket", typeof(ListObjectsV2)) { Argument = ("list-type", "2") });
        services.AddS3Operation<ListObjectVersions>(
            new("ListObjectVersions", "GET", S3Scope.Bucket, "s3:ListBucketVersions", typeof(ListObjectVersions))
            {
                Subresource = "versions",
            });

        return services;
    }
}
