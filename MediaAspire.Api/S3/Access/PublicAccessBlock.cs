using System.Text.Json;
using MediaAspire.Core.Buckets;

namespace MediaAspire.Api.S3.Access;

/// <summary>The public access that a bucket refuses, even if its lists or policies allow it.</summary>
/// <param name="BlockPublicAcls">Lists that grant groups something are refused.</param>
/// <param name="IgnorePublicAcls">Grants to groups have no effect.</param>
/// <param name="BlockPublicPolicy">Policies that allow the public something are refused.</param>
/// <param name="RestrictPublicBuckets">A policy that allows the public something allows nothing to others than the bucket's owner.</param>
internal sealed record PublicAccessBlock(bool BlockPublicAcls, bool IgnorePublicAcls, bool BlockPublicPolicy, bool RestrictPublicBuckets)
{
    /// <summary>Gets the block of a bucket without settings.</summary>
    public static PublicAccessBlock Nothing { get; } = new(false, false, false, false);

    /// <summary>Gets the block of a bucket; <see cref="Nothing"/> for a bucket without settings.</summary>
    public static PublicAccessBlock Of(Bucket bucket) =>
        bucket.Document(BucketDocument.PublicAccessBlock) is { } json ? Parse(json) : Nothing;

    /// <summary>Reads a block as <see cref="ToJson"/> wrote it.</summary>
    public static PublicAccessBlock Parse(string json) => JsonSerializer.Deserialize<PublicAccessBlock>(json)!;

    public string ToJson() => JsonSerializer.Serialize(this);
}
