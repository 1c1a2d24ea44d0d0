using System.Text.Json.Serialization;

namespace MediaAspire.Core.Lifecycle;

/// <summary>Which objects a rule is about: those that meet every condition it has.</summary>
public sealed record LifecycleFilter
{
    /// <summary>Gets what the keys begin with; <see langword="null"/> and empty are both any.</summary>
    public string? Prefix { get; init; }

    /// <summary>Gets the tags that an object must have, all of them.</summary>
    public IReadOnlyList<LifecycleTag> Tags { get; init; } = [];

    /// <summary>Gets the size in bytes that an object must exceed.</summary>
    public long? SizeGreaterThan { get; init; }

    /// <summary>Gets the size in bytes that an object must stay below.</summary>
    public long? SizeLessThan { get; init; }

    [JsonIgnore]
    public bool HasSize => SizeGreaterThan is not null || SizeLessThan is not null;

    /// <summary>Tells whether an object is meant.</summary>
    public bool Matches(string key, long size, IReadOnlyDictionary<string, string> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);

        return MatchesKey(key)
            && !(size <= SizeGreaterThan)
            && !(size >= SizeLessThan)
            && Tags.All(tag => tags.TryGetValue(tag.Key, out var value) && value == tag.Value);
    }

    /// <summary>Tells whether what has only a key is meant: a delete marker or an upload. Tags and sizes are nothing that it could have.</summary>
    public bool MatchesBare(string key) => Tags.Count == 0 && !HasSize && MatchesKey(key);

    private bool MatchesKey(string key) => Prefix is null || key.StartsWith(Prefix, StringComparison.Ordinal);
}

/// <param name="Key">The tag's name.</param>
/// <param name="Value">Its value.</param>
public sealed record LifecycleTag(string Key, string Value);
