using System.Text.Json.Serialization;

namespace MediaAspire.Core.Lifecycle;

/// <summary>The filter of a rule, which applies to the objects that meet all of its conditions.</summary>
public sealed record LifecycleFilter
{
    /// <summary>Gets the prefix of the keys; <see langword="null"/> and empty both mean any.</summary>
    public string? Prefix { get; init; }

    /// <summary>Gets the tags that an object must have, all of them.</summary>
    public IReadOnlyList<LifecycleTag> Tags { get; init; } = [];

    /// <summary>Gets the size in bytes that an object must exceed.</summary>
    public long? SizeGreaterThan { get; init; }

    /// <summary>Gets the size in bytes that an object must stay below.</summary>
    public long? SizeLessThan { get; init; }

    [JsonIgnore]
    public bool HasSize => SizeGreaterThan is not null || SizeLessThan is not null;

    /// <summary>Tells whether the filter matches an object.</summary>
    public bool Matches(string key, long size, IReadOnlyDictionary<string, string> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);

        return MatchesKey(key)
            && !(size <= SizeGreaterThan)
            && !(size >= SizeLessThan)
            && Tags.All(tag => tags.TryGetValue(tag.Key, out var value) && value == tag.Value);
    }

    /// <summary>Tells whether the filter matches a delete marker or an upload. These have no tags and no size.</summary>
    public bool MatchesBare(string key) => Tags.Count == 0 && !HasSize && MatchesKey(key);

    private bool MatchesKey(string key) => Prefix is null || key.StartsWith(Prefix, StringComparison.Ordinal);
}

/// <summary>A tag that an object must have.</summary>
/// <param name="Key">The tag's name.</param>
/// <param name="Value">Its value.</param>
public sealed record LifecycleTag(string Key, string Value);
