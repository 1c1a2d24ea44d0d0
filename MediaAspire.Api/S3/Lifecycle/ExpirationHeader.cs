using MediaAspire.Core.Buckets;
using MediaAspire.Core.Lifecycle;
using MediaAspire.Core.Objects;

namespace MediaAspire.Api.S3.Lifecycle;

/// <summary>Sets the header with the time at which an object expires, and the rule.</summary>
/// <remarks>Its days have 24 hours, also where the worker has a setting for shorter ones.</remarks>
internal sealed class ExpirationHeader(LifecycleCache rules)
{
    public const string Name = "x-amz-expiration";

    /// <summary>
    /// Sets the header when a rule of the bucket expires this version. Noncurrent versions and delete markers have no header.
    /// </summary>
    public void Set(HttpResponse response, Bucket bucket, ObjectVersion version)
    {
        if (version is { IsLatest: true, IsDeleteMarker: false })
        {
            Set(response, bucket, version.Key, version.Size, version.Attributes.Tags, version.ModifiedAt);
        }
    }

    /// <summary>Sets the header when a rule of the bucket expires an object that has just become the current one of its key.</summary>
    public void Set(
        HttpResponse response, Bucket bucket, string key, long size, IReadOnlyDictionary<string, string> tags, DateTimeOffset modifiedAt)
    {
        if (bucket.Document(BucketDocument.Lifecycle) is { } document
            && rules.Get(document) is { } configuration
            && configuration.FindExpiration(key, size, tags, modifiedAt, LifecycleClock.Real) is var (at, rule))
        {
            response.Headers[Name] = $"expiry-date=\"{at:R}\", rule-id=\"{Uri.EscapeDataString(rule.Id)}\"";
        }
    }
}
