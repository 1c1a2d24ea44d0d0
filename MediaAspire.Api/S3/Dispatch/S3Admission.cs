using MediaAspire.Api.S3.Cors;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;

namespace MediaAspire.Api.S3.Dispatch;

/// <summary>Finds the bucket that a request names, and decides by its settings whether the sender may do what it asks for.</summary>
/// <remarks>
/// A request is judged by the bucket as it is in the database when the request comes. Only an operation with
/// <see cref="S3Operation.ProvesBucket"/> may begin with a bucket from memory: its transaction fails when the bucket's row is another one by
/// then, and it comes back here to be judged anew. What a bucket from memory would refuse is judged anew before it is refused.
/// </remarks>
internal sealed class S3Admission(BucketCatalog buckets, IS3Authorizer authorizer, BucketCache cache)
{
    private const string ExpectedOwnerHeader = "x-amz-expected-bucket-owner";

    /// <exception cref="S3Exception">There is no such bucket, or the sender may not do this with it.</exception>
    public async Task AdmitAsync(S3Request request, CancellationToken cancellationToken)
    {
        // What a browser may know of an answer stands in the bucket, too, and would be said of every other error.
        if (request.Operation.ProvesBucket && request.Header("Origin") is null && cache.Find(request.BucketName) is { } known)
        {
            request.IsBucketCached = true;
            try
            {
                await JudgeAsync(request, known, cancellationToken);
                return;
            }
            catch (S3Exception)
            {
                // By what the bucket was.
            }
        }

        await ReadmitAsync(request, cancellationToken);
    }

    /// <summary>Reads the bucket, and decides by what it is now.</summary>
    /// <inheritdoc cref="AdmitAsync"/>
    public async Task ReadmitAsync(S3Request request, CancellationToken cancellationToken)
    {
        request.IsBucketCached = false;
        if (await buckets.FindAsync(request.BucketName, cancellationToken) is not { } bucket)
        {
            cache.Forget(request.BucketName);
            throw S3Errors.NoSuchBucket(request.BucketName).ToException();
        }

        cache.Keep(bucket);
        await JudgeAsync(request, bucket, cancellationToken);
    }

    private async ValueTask JudgeAsync(S3Request request, Bucket bucket, CancellationToken cancellationToken)
    {
        request.Bucket = bucket;
        CorsHeaders.Apply(request);
        if (request.Operation.Action is { } action)
        {
            await authorizer.AuthorizeAsync(request, action, bucket, request.Target.Key, cancellationToken);
        }

        if (request.Header(ExpectedOwnerHeader) is { } expected && expected != bucket.OwnerId)
        {
            throw S3Errors.AccessDenied().ToException();
        }
    }
}
