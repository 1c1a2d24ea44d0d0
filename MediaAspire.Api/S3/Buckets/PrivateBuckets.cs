using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;

namespace MediaAspire.Api.S3.Buckets;

/// <summary>Knows private buckets only, and refuses to make others rather than to make them private.</summary>
internal sealed class PrivateBuckets : INewBucketAccess
{
    private static readonly Dictionary<BucketDocument, string> s_none = [];

    public ValueTask<IReadOnlyDictionary<BucketDocument, string>> ReadAsync(S3Request request, CancellationToken cancellationToken)
    {
        var asksForMore = request.Header("x-amz-acl") is not (null or "private")
            || request.Header("x-amz-object-ownership") is not null
            || request.Headers.Keys.Any(name => name.StartsWith("x-amz-grant-", StringComparison.OrdinalIgnoreCase));
        return asksForMore ? throw S3Errors.NotImplemented().ToException() : new(s_none);
    }
}
