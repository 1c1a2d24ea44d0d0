using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Buckets;

internal static class BucketOperations
{
    public static IServiceCollection AddBucketOperations(this IServiceCollection services)
    {
        services.AddS3Operation<ListBuckets>(
            new("ListBuckets", "GET", S3Scope.Service, Action: null, typeof(ListBuckets)) { AllowsAnonymous = true });
        services.AddS3Operation<CreateBucket>(
            new("CreateBucket", "PUT", S3Scope.Bucket, Action: null, typeof(CreateBucket)) { NeedsBucket = false });
        services.AddS3Operation<HeadBucket>(new("HeadBucket", "HEAD", S3Scope.Bucket, "s3:ListBucket", typeof(HeadBucket)));
        services.AddS3Operation<DeleteBucket>(new("DeleteBucket", "DELETE", S3Scope.Bucket, "s3:DeleteBucket", typeof(DeleteBucket)));
        services.AddS3Operation<GetBucketLocation>(
            new("GetBucketLocation", "GET", S3Scope.Bucket, "s3:GetBucketLocation", typeof(GetBucketLocation))
            {
                Subresource = "location",
            });

        foreach (var unset in UnsetConfiguration.All)
        {
            services.AddS3Operation<GetUnsetConfiguration>(
                new(unset.Operation, "GET", S3Scope.Bucket, unset.Action, typeof(GetUnsetConfiguration))
                {
                    Subresource = unset.Subresource,
                });
        }

        foreach (var unset in UnsetConfiguration.All.Where(unset => unset.Deletion is not null))
        {
            services.AddS3Operation<DeleteUnsetConfiguration>(
                new(unset.Deletion!, "DELETE", S3Scope.Bucket, unset.WriteAction, typeof(DeleteUnsetConfiguration))
                {
                    Subresource = unset.Subresource,
                });
        }

        return services;
    }
}
