using MediaAspire.Api.S3.Cors;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;

namespace MediaAspire.Api.S3.Dispatch;

/// <summary>Finds the bucket that a request names, and authorizes the sender by the settings of the bucket.</summary>
/// <remarks>
/// A request is judged by the bucket that the database has when the request arrives. Only an operation with
/// <see cref="S3Operation.ProvesBucket"/> may start with a cached bucket: its transaction fails when the bucket's row has changed by then,
/// and it returns here to be judged again. A refusal by a cached bucket is judged again before it is sent.
/// </remarks>
internal sealed class S3Admission(BucketCatalog buckets, IS3Authorizer authorizer, BucketCache cache, CorsHeaders cors)
{
    private const string ExpectedOwnerHeader = "x-amz-expected-bucket-owner";

    /// <exception cref="S3Exception">The bucket does not exist, or the sender is not allowed the action.</exception>
    public async Task AdmitAsync(S3Request request, CancellationToken cancellationToken)
    {
        // The CORS rules come from the bucket too, and would apply to every other error.
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
                // Refused by the cached bucket, which may have changed.
            }
        }

        await ReadmitAsync(request, cancellationToken);
    }

    /// <summary>Reads the bucket, and decides by its current settings.</summary>
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
        cors.Apply(request);
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
