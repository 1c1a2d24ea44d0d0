using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;

namespace MediaAspire.Api.S3.Cors;

/// <summary>Keeps the CORS rules of buckets parsed. They were validated when they were put.</summary>
internal sealed class CorsCache(TimeProvider time)
    : ParsedDocuments<CorsConfiguration>(CorsConfiguration.Parse, capacity: 256, time)
{
    /// <summary>Gets the rules of a bucket; <see langword="null"/> when it has no rules.</summary>
    public CorsConfiguration? Of(Bucket bucket) => bucket.Document(BucketDocument.Cors) is { } document ? Get(document) : null;
}
