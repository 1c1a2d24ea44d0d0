using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Deletions;

internal static class DeletionOperations
{
    /// <summary>Adds the deletion of many objects; it asks for each key whether its sender may.</summary>
    public static IServiceCollection AddDeletionOperations(this IServiceCollection services) =>
        services.AddS3Operation<DeleteObjects>(
            new("DeleteObjects", "POST", S3Scope.Bucket, Action: null, typeof(DeleteObjects)) { Subresource = "delete" });
}
