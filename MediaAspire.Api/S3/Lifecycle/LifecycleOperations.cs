using MediaAspire.Api.S3.Protocol;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaAspire.Api.S3.Lifecycle;

/// <summary>The operations on the rules by which objects expire.</summary>
internal static class LifecycleOperations
{
    private const string Subresource = "lifecycle";

    public static IServiceCollection AddLifecycle(this IServiceCollection services)
    {
        services.TryAddSingleton<LifecycleCache>();
        services.TryAddSingleton<ExpirationHeader>();

        services.AddS3Operation<PutBucketLifecycleConfiguration>(
            new(
                "PutBucketLifecycleConfiguration",
                HttpMethods.Put,
                S3Scope.Bucket,
                "s3:PutLifecycleConfiguration",
                typeof(PutBucketLifecycleConfiguration))
            {
                Subresource = Subresource,
            });
        services.AddS3Operation<GetBucketLifecycleConfiguration>(
            new(
                "GetBucketLifecycleConfiguration",
                HttpMethods.Get,
                S3Scope.Bucket,
                "s3:GetLifecycleConfiguration",
                typeof(GetBucketLifecycleConfiguration))
            {
                Subresource = Subresource,
            });
        services.AddS3Operation<DeleteBucketLifecycle>(
            new("DeleteBucketLifecycle", HttpMethods.Delete, S3Scope.Bucket, "s3:PutLifecycleConfiguration", typeof(DeleteBucketLifecycle))
            {
                Subresource = Subresource,
            });

        return services;
    }
}
