using System.Collections.Concurrent;

namespace MediaAspire.Api.S3.Policies;

/// <summary>Keeps policies parsed, by their text.</summary>
internal sealed class PolicyCache
{
    private const int MaxCached = 1_000;

    private readonly ConcurrentDictionary<string, BucketPolicy> _cached = new(StringComparer.Ordinal);

    /// <summary>Gets a policy that was put, and so was found right.</summary>
    public BucketPolicy Get(string text)
    {
        if (_cached.TryGetValue(text, out var known))
        {
            return known;
        }

        if (_cached.Count >= MaxCached)
        {
            _cached.Clear();
        }

        return _cached[text] = PolicyReader.Read(text, bucket: null);
    }
}
