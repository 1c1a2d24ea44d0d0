using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;

namespace MediaAspire.Api.S3.Buckets;

/// <summary>Reads the access settings of a new bucket: <c>x-amz-acl</c>, <c>x-amz-grant-*</c>, <c>x-amz-object-ownership</c>.</summary>
internal interface INewBucketAccess
{
    /// <summary>Gets the initial documents of the bucket; none for a private one.</summary>
    /// <exception cref="S3Exception">The headers are malformed, contradict each other, or name an unknown grantee.</exception>
    ValueTask<IReadOnlyDictionary<BucketDocument, string>> ReadAsync(S3Request request, CancellationToken cancellationToken);
}
