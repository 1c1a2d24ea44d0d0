using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;

namespace MediaAspire.Api.S3.Buckets;

/// <summary>DeleteBucket: deletes a bucket without versions, and aborts its uploads in progress.</summary>
internal sealed class DeleteBucket(BucketCatalog buckets) : IS3Operation
{
    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        switch (await buckets.DeleteAsync(request.Bucket.Id, cancellationToken))
        {
            case BucketDeletion.NotEmpty:
                throw BucketErrors.NotEmpty(request.BucketName).ToException();
            case BucketDeletion.NotFound:
                throw S3Errors.NoSuchBucket(request.BucketName).ToException();
            default:
                request.Response.StatusCode = StatusCodes.Status204NoContent;
                break;
        }
    }
}
