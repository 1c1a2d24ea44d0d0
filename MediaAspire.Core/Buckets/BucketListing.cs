namespace MediaAspire.Core.Buckets;

/// <summary>A query for a page of an owner's buckets.</summary>
/// <param name="Prefix">The prefix of their names; empty for all.</param>
/// <param name="Region">Their region; <see langword="null"/> for any.</param>
/// <param name="After">The name to continue after; empty for the beginning.</param>
/// <param name="Most">The maximum number of buckets, from 1.</param>
public sealed record BucketListing(string Prefix, string? Region, string After, int Most)
{
    /// <summary>Gets the query that lists every bucket.</summary>
    public static BucketListing All { get; } = new("", Region: null, "", int.MaxValue);
}
