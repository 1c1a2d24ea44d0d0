using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Objects;

/// <summary>What is to be listed of a bucket. Order and prefixes are those of the keys' bytes in UTF-8.</summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="MaxItems">The most objects and common prefixes together, from 0.</param>
public sealed record ListingQuery(BucketId Bucket, int MaxItems)
{
    /// <summary>Gets what the keys begin with; empty for all.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Gets what ends a common prefix, behind <see cref="Prefix"/>; empty to list every key by itself.</summary>
    public string Delimiter { get; init; } = "";

    /// <summary>Gets where to go on; <see langword="null"/> for the beginning.</summary>
    public ListingPosition? After { get; init; }

    /// <summary>Finds the common prefix that a key is listed under; <see langword="null"/> when it is listed by itself.</summary>
    public string? CommonPrefixOf(string key)
    {
        ArgumentNullException.ThrowIfNull(key);

        if (Delimiter.Length == 0 || !key.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var place = key.IndexOf(Delimiter, Prefix.Length, StringComparison.Ordinal);
        return place < 0 ? null : key[..(place + Delimiter.Length)];
    }
}

/// <summary>A place in a listing: behind a key, or behind every key with a prefix.</summary>
/// <param name="Text">The key or the prefix.</param>
/// <param name="IsPrefix">Whether it is a prefix.</param>
public sealed record ListingPosition(string Text, bool IsPrefix)
{
    /// <summary>Gets, in a listing of versions, the version of the key to go on behind; <see langword="null"/> for behind all of them.</summary>
    public VersionId? Version { get; init; }

    /// <summary>Gets, in a listing of versions, whether to go on behind the version called "null".</summary>
    public bool IsNullVersion { get; init; }
}
