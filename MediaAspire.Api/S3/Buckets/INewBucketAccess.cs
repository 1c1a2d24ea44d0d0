using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;

namespace MediaAspire.Api.S3.Buckets;

/// <summary>Reads from a request that makes a bucket who may use it: <c>x-amz-acl</c>, <c>x-amz-grant-*</c>, <c>x-amz-object-ownership</c>.</summary>
internal interface INewBucketAccess
{
    /// <summary>Gets the documents that the bucket has from the start; none for a private one.</summary>
    /// <exception cref="S3Exception">The headers are malformed, contradict each other, or name somebody unknown.</exception>
    ValueTask<IReadOnlyDictionary<BucketDocument, string>> ReadAsync(S3Request request, CancellationToken cancellationToken);
}
