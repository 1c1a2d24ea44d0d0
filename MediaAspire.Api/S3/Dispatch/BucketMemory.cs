using System.Collections.Concurrent;
using MediaAspire.Core.Buckets;

namespace MediaAspire.Api.S3.Dispatch;

/// <summary>Remembers buckets as they were read last, for operations that check for themselves whether they still are so.</summary>
/// <remarks>Thread-safe. What is remembered may have been changed or deleted since, by this process or another.</remarks>
internal sealed class BucketMemory(TimeProvider time, int capacity = 1024)
{
    // Not for correctness: whoever is refused by what a bucket has become is told so after its body, but only for so long.
    private static readonly TimeSpan s_lifetime = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, (Bucket Bucket, long ReadAt)> _buckets = new(StringComparer.Ordinal);

    public int Count => _buckets.Count;

    public Bucket? Find(string name) =>
        _buckets.TryGetValue(name, out var known) && time.GetElapsedTime(known.ReadAt) < s_lifetime ? known.Bucket : null;

    public void Keep(Bucket bucket)
    {
        // Those in use are back within a request each.
        if (_buckets.Count >= capacity && !_buckets.ContainsKey(bucket.Name))
        {
            _buckets.Clear();
        }

        _buckets[bucket.Name] = (bucket, time.GetTimestamp());
    }

    public void Forget(string name) => _buckets.TryRemove(name, out _);
}
