using MediaAspire.Api.Http;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;

namespace MediaAspire.Api.S3.Lookup;

/// <summary>Finds the sources of copies, for whole objects and for parts.</summary>
internal sealed class CopySources(BucketCatalog buckets, ObjectLookup lookup, IS3Authorizer authorizer)
{
    private const string ConditionPrefix = "x-amz-copy-source-";

    /// <summary>Finds the object that a request wants copied, if its sender may read it and its conditions hold.</summary>
    /// <exception cref="S3Exception">The object does not exist, the sender may not read it, or a condition is not met.</exception>
    public async Task<CopiedObject> FindAsync(S3Request request, CancellationToken cancellationToken)
    {
        var source = CopySource.Parse(request.Header(CopySource.Header) ?? "");
        var bucket = source.Bucket == request.BucketName
            ? request.Bucket
            : await buckets.FindAsync(source.Bucket, cancellationToken) ?? throw S3Errors.NoSuchBucket(source.Bucket).ToException();
        if (request.Header("x-amz-source-expected-bucket-owner") is { } expected && expected != bucket.OwnerId)
        {
            throw S3Errors.AccessDenied().ToException();
        }

        var check = authorizer.AuthorizeObject(
            request, source.Version is null ? "s3:GetObject" : "s3:GetObjectVersion", bucket, source.Key);
        var found = await lookup.TryLocateAsync(source.Version, check, cancellationToken);
        if (found is not { Version: { IsDeleteMarker: false } version })
        {
            await authorizer.AuthorizeAsync(request, "s3:ListBucket", bucket, source.Key, cancellationToken);
            throw (found, source.Version) switch
            {
                (null, { } name) => S3Errors.NoSuchVersion(source.Key, name).ToException(),
                (null, null) or (_, null) => S3Errors.NoSuchKey(source.Key).ToException(),
                _ => S3Errors.InvalidRequest(
                    "The source of a copy request may not specifically refer to a delete marker by version id.").ToException(),
            };
        }

        var conditions = new ReadConditions(
            request.Header(ConditionPrefix + "if-match"),
            request.Header(ConditionPrefix + "if-none-match"),
            request.Header(ConditionPrefix + "if-modified-since"),
            request.Header(ConditionPrefix + "if-unmodified-since"));
        return conditions.Evaluate(version.ETag, version.ModifiedAt) == ConditionOutcome.Proceed
            ? new(bucket, found)
            : throw S3Errors.PreconditionFailed(ConditionPrefix + "If-*").ToException();
    }
}
