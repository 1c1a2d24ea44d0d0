using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Buckets;

internal static class BucketOperations
{
    public static IServiceCollection AddBucketOperations(this IServiceCollection services)
    {
        services.AddS3Operation<ListBuckets>(new("ListBuckets", "GET", S3Scope.Service, Action: null, typeof(ListBuckets)));
        services.AddS3Operation<CreateBucket>(
            new("CreateBucket", "PUT", S3Scope.Bucket, Action: null, typeof(CreateBucket)) { NeedsBucket = false });
        services.AddS3Operation<HeadBucket>(new("HeadBucket", "HEAD", S3Scope.Bucket, "s3:ListBucket", typeof(HeadBucket)));
        services.AddS3Operation<DeleteBucket>(new("DeleteBucket", "DELETE", S3Scope.Bucket, "s3:DeleteBucket", typeof(DeleteBucket)));
        services.AddS3Operation<GetBucketLocation>(
            new("GetBucketLocation", "GET", S3Scope.Bucket, "s3:GetBucketLocation", typeof(GetBucketLocation)) { Subresource = "location" });

        return services;
    }
}
