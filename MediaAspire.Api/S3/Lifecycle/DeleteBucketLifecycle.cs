using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;

namespace MediaAspire.Api.S3.Lifecycle;

/// <summary>DeleteBucketLifecycle: removes the rules of a bucket, if it has any.</summary>
internal sealed class DeleteBucketLifecycle(BucketCatalog buckets) : IS3Operation
{
    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        await buckets.SetDocumentAsync(request.Bucket.Id, BucketDocument.Lifecycle, content: null, cancellationToken);
        request.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
