using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;
using MediaAspire.Core.Objects;

namespace MediaAspire.Api.S3.Objects;

/// <summary>Judges a put that another protocol of this API receives, as <see cref="PutObject"/> is judged.</summary>
internal sealed class ObjectTargets(BucketCatalog buckets, IS3Authorizer authorizer, ObjectHeaders headers)
{
    private static readonly S3Operation s_put = new("PutObject", HttpMethods.Put, S3Scope.Object, "s3:PutObject", typeof(PutObject));

    /// <summary>Authorizes a put by the bucket's policy and lists, and reads the attributes that the object will have.</summary>
    /// <param name="http">The request, for its address and time.</param>
    /// <param name="bucketName">The bucket.</param>
    /// <param name="key">The key.</param>
    /// <param name="owner">The owner that the sender acts for; <see langword="null"/> for the owner of the bucket.</param>
    /// <param name="given">The headers of the object, such as its content type.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="S3Exception">The bucket does not exist, or the sender may not put the object.</exception>
    public async Task<(Bucket Bucket, ObjectAttributes Attributes)> JudgeAsync(
        HttpContext http, string bucketName, string key, string? owner, IHeaderDictionary given, CancellationToken cancellationToken)
    {
        ObjectKeys.Check(key);
        var bucket = await buckets.FindAsync(bucketName, cancellationToken) ?? throw S3Errors.NoSuchBucket(bucketName).ToException();
        var request = new S3Request(http, http.TraceIdentifier, new S3Target(bucketName, key))
        {
            Operation = s_put,
            Principal = new S3Principal(owner ?? bucket.OwnerId, DisplayName: "", AccessKeyId: null),
            Bucket = bucket,
            GivenHeaders = given,
        };
        await authorizer.AuthorizeAsync(request, s_put.Action!, bucket, key, cancellationToken);
        return (bucket, await headers.ReadAsync(request, given, key, cancellationToken));
    }
}
