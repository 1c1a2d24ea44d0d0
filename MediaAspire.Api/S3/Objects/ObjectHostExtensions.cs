using MediaAspire.Api.S3.Lookup;
using MediaAspire.Api.S3.Protocol;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaAspire.Api.S3.Objects;

internal static class ObjectHostExtensions
{
    /// <summary>Adds the operations on objects.</summary>
    public static IServiceCollection AddS3Objects(this IServiceCollection services)
    {
        services.TryAddSingleton<ContentReceiver>();
        services.TryAddSingleton<ObjectHeaders>();
        services.TryAddSingleton<ObjectTargets>();
        services.TryAddSingleton<ObjectLookup>();
        services.TryAddSingleton<CopySources>();

        services.AddS3Operation<PutObject>(
            new("PutObject", HttpMethods.Put, S3Scope.Object, "s3:PutObject", typeof(PutObject)) { ProvesBucket = true });

        services.AddS3Operation<CopyObject>(
            new("CopyObject", HttpMethods.Put, S3Scope.Object, "s3:PutObject", typeof(CopyObject)) { Header = CopySource.Header });

        // Their actions depend on whether the request names a version.
        services.AddS3Operation<GetObject>(new("GetObject", HttpMethods.Get, S3Scope.Object, Action: null, typeof(GetObject))
        {
            Parameters = [S3Parameters.VersionId, S3Parameters.PartNumber],
        });
        services.AddS3Operation<GetObject>(new("HeadObject", HttpMethods.Head, S3Scope.Object, Action: null, typeof(GetObject))
        {
            Parameters = [S3Parameters.VersionId, S3Parameters.PartNumber],
        });
        services.AddS3Operation<GetObjectAttributes>(
            new("GetObjectAttributes", HttpMethods.Get, S3Scope.Object, Action: null, typeof(GetObjectAttributes))
            {
                Subresource = "attributes",
                Parameters = [S3Parameters.VersionId],
            });
        services.AddS3Operation<DeleteObject>(
            new("DeleteObject", HttpMethods.Delete, S3Scope.Object, Action: null, typeof(DeleteObject))
            {
                Parameters = [S3Parameters.VersionId],
            });

        return services;
    }
}
