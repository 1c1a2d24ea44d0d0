using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Deletions;

internal static class DeletionOperations
{
    /// <summary>Adds the deletion of many objects, which authorizes its sender for each key.</summary>
    public static IServiceCollection AddDeletionOperations(this IServiceCollection services) =>
        services.AddS3Operation<DeleteObjects>(
            new("DeleteObjects", "POST", S3Scope.Bucket, Action: null, typeof(DeleteObjects)) { Subresource = "delete" });
}
