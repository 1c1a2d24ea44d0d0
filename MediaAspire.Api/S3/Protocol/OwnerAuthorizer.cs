using MediaAspire.Core.Buckets;

namespace MediaAspire.Api.S3.Protocol;

/// <summary>Allows a bucket's owner everything, and others nothing.</summary>
internal sealed class OwnerAuthorizer : IS3Authorizer
{
    public ValueTask AuthorizeAsync(S3Request request, string action, Bucket bucket, string? key, CancellationToken cancellationToken) =>
        bucket.OwnerId == request.Principal.OwnerId ? ValueTask.CompletedTask : throw S3Errors.AccessDenied().ToException();
}
