using MediaAspire.Core.Buckets;
using MediaAspire.Core.Caching;

namespace MediaAspire.Api.S3.Dispatch;

/// <summary>
/// Keeps buckets as they were last read, for operations that prove with their own write that the bucket is still the same.
/// </summary>
/// <remarks>Thread-safe. A cached bucket may have been changed or deleted since, by this process or another.</remarks>
internal sealed class BucketCache(TimeProvider time, int capacity = 1024)
{
    // Correctness does not depend on it. A request that the changed bucket refuses is refused after its body, but only for this time.
    private static readonly TimeSpan s_lifetime = TimeSpan.FromSeconds(10);

    private readonly ExpiringCache<string, Bucket> _buckets = new(capacity, s_lifetime, time, StringComparer.Ordinal);

    public int Count => _buckets.Count;

    public Bucket? Find(string name) => _buckets.TryGet(name, out var bucket) ? bucket : null;

    public void Keep(Bucket bucket) => _buckets.Set(bucket.Name, bucket);

    public void Forget(string name) => _buckets.Remove(name);
}
