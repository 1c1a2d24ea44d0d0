namespace MediaAspire.Core.Buckets;

/// <summary>Which of an owner's buckets are to be listed.</summary>
/// <param name="Prefix">What their names begin with; empty for all.</param>
/// <param name="Region">Where they are; <see langword="null"/> for anywhere.</param>
/// <param name="After">The name behind which to go on; empty for the beginning.</param>
/// <param name="Most">The most buckets, from 1.</param>
public sealed record BucketListing(string Prefix, string? Region, string After, int Most)
{
    /// <summary>Gets what lists every bucket.</summary>
    public static BucketListing All { get; } = new("", Region: null, "", int.MaxValue);
}
