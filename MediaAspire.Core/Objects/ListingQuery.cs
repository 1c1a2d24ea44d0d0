using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Objects;

/// <summary>A query for a page of a bucket's listing. Order and prefixes are those of the keys' bytes in UTF-8.</summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="MaxItems">The most objects and common prefixes together, from 0.</param>
public sealed record ListingQuery(BucketId Bucket, int MaxItems)
{
    /// <summary>Gets the prefix of the keys; empty for all.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Gets the delimiter that ends a common prefix after <see cref="Prefix"/>; empty to list every key.</summary>
    public string Delimiter { get; init; } = "";

    /// <summary>Gets the position to continue after; <see langword="null"/> for the beginning.</summary>
    public ListingPosition? After { get; init; }

    /// <summary>Finds the common prefix that a key is listed under; <see langword="null"/> when the key itself is listed.</summary>
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

/// <summary>A position in a listing: after a key, or after every key with a prefix.</summary>
/// <param name="Text">The key or the prefix.</param>
/// <param name="IsPrefix">A value indicating whether the text is a prefix.</param>
public sealed record ListingPosition(string Text, bool IsPrefix)
{
    /// <summary>
    /// Gets, in a listing of versions, the version of the key to continue after; <see langword="null"/> to continue after all of them.
    /// </summary>
    public VersionId? Version { get; init; }

    /// <summary>Gets a value indicating whether a listing of versions continues after the version called "null".</summary>
    public bool IsNullVersion { get; init; }
}
