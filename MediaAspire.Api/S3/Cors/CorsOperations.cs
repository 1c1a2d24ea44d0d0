using MediaAspire.Api.S3.Protocol;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaAspire.Api.S3.Cors;

/// <summary>The operations on the CORS rules of a bucket, and the preflight request of browsers.</summary>
internal static class CorsOperations
{
    public static IServiceCollection AddCorsOperations(this IServiceCollection services)
    {
        services.TryAddSingleton<CorsCache>();
        services.TryAddSingleton<CorsHeaders>();

        foreach (var scope in new[] { S3Scope.Bucket, S3Scope.Object })
        {
            services.AddS3Operation<CorsPreflight>(
                new("CorsPreflight", HttpMethods.Options, scope, Action: null, typeof(CorsPreflight))
                {
                    Authenticates = false,
                    IgnoresQuery = true,
                });
        }

        services.AddS3Operation<GetBucketCors>(
            new("GetBucketCors", HttpMethods.Get, S3Scope.Bucket, "s3:GetBucketCORS", typeof(GetBucketCors)) { Subresource = "cors" });
        services.AddS3Operation<PutBucketCors>(
            new("PutBucketCors", HttpMethods.Put, S3Scope.Bucket, "s3:PutBucketCORS", typeof(PutBucketCors)) { Subresource = "cors" });
        services.AddS3Operation<DeleteBucketCors>(
            new("DeleteBucketCors", HttpMethods.Delete, S3Scope.Bucket, "s3:PutBucketCORS", typeof(DeleteBucketCors))
            {
                Subresource = "cors",
            });

        return services;
    }
}
