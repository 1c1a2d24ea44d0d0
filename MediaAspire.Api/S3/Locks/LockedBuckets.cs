using MediaAspire.Api.S3.Lookup;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;
using MediaAspire.Core.Objects;

namespace MediaAspire.Api.S3.Locks;

/// <summary>Finds versions in buckets with object lock.</summary>
internal static class LockedBuckets
{
    /// <summary>Finds the version that the request names, in a bucket that has object lock.</summary>
    /// <exception cref="S3Exception">The version does not exist, the sender may not use it, or the bucket has no object lock.</exception>
    public static async Task<ObjectVersion> FindAsync(
        S3Request request, ObjectCheck check, ObjectLookup lookup, CancellationToken cancellationToken)
    {
        var version = await lookup.FindAsync(request, check, cancellationToken);
        return request.Bucket.Document(BucketDocument.ObjectLock) is null ? throw LockErrors.BucketHasNone().ToException() : version;
    }
}
