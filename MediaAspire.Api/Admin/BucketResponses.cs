using MediaAspire.Core.Buckets;
using MediaAspire.Core.Objects;

namespace MediaAspire.Api.Admin;

/// <param name="Buckets">In the order of their names.</param>
/// <param name="Next">The next page's <c>after</c>; null on the last one.</param>
internal sealed record BucketsResponse(IReadOnlyList<BucketResponse> Buckets, string? Next);

/// <param name="Name">The bucket's name.</param>
/// <param name="OwnerId">Its owner.</param>
/// <param name="Region">The region that its creator asked for.</param>
/// <param name="CreatedAt">The time of its creation.</param>
/// <param name="Versioning"><c>off</c>, <c>enabled</c> or <c>suspended</c>.</param>
/// <param name="HasObjectLock">A value indicating whether its versions can be locked.</param>
/// <param name="HasPolicy">A value indicating whether it has a policy.</param>
/// <param name="HasLifecycle">A value indicating whether it has lifecycle rules.</param>
internal sealed record BucketResponse(
    string Name,
    string OwnerId,
    string Region,
    DateTimeOffset CreatedAt,
    string Versioning,
    bool HasObjectLock,
    bool HasPolicy,
    bool HasLifecycle)
{
    public static BucketResponse Of(Bucket bucket) => new(
        bucket.Name,
        bucket.OwnerId,
        bucket.Region,
        bucket.CreatedAt,
        bucket.Versioning switch
        {
            BucketVersioning.Enabled => "enabled",
            BucketVersioning.Suspended => "suspended",
            _ => "off",
        },
        bucket.Document(BucketDocument.ObjectLock) is not null,
        bucket.Document(BucketDocument.Policy) is not null,
        bucket.Document(BucketDocument.Lifecycle) is not null);
}

/// <param name="OwnerId">The bucket's owner, whose access keys read the objects over S3.</param>
/// <param name="Prefixes">The folders: prefixes that end with the delimiter, in order.</param>
/// <param name="Objects">The objects, in the order of their keys.</param>
/// <param name="Next">The next page's <c>after</c>; null on the last one.</param>
internal sealed record BucketObjectsResponse(
    string OwnerId, IReadOnlyList<string> Prefixes, IReadOnlyList<BucketObjectResponse> Objects, string? Next);

/// <param name="Key">The object's key.</param>
/// <param name="Size">Length in bytes.</param>
/// <param name="ModifiedAt">The time of its creation.</param>
/// <param name="ETag">The entity tag, without quotes.</param>
/// <param name="OwnerId">The object's owner.</param>
/// <param name="StorageClass">The storage class as it was put.</param>
internal sealed record BucketObjectResponse(
    string Key, long Size, DateTimeOffset ModifiedAt, string ETag, string OwnerId, string StorageClass)
{
    public static BucketObjectResponse Of(ListedObject listed) =>
        new(listed.Key, listed.Size, listed.ModifiedAt, listed.ETag, listed.OwnerId, listed.StorageClass);
}
