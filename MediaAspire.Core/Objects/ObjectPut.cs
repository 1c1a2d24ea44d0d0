using MediaAspire.Core.Buckets;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Objects;

/// <summary>An upload that is to become the latest version of a key.</summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Seen">
/// The <see cref="Bucket.RowVersion"/> that <paramref name="Attributes"/> rest on, and that the bucket must still have;
/// <see langword="null"/> when the bucket may have been changed.
/// </param>
/// <param name="Key">The key, 1 to 1,024 bytes.</param>
/// <param name="Attributes">The version's attributes besides its bytes.</param>
/// <param name="ETag">The entity tag without quotes.</param>
/// <param name="Conditions">The conditions on the key.</param>
public sealed record ObjectPut(
    BucketId Bucket, uint? Seen, string Key, ObjectAttributes Attributes, string ETag, ObjectConditions Conditions)
{
    /// <summary>Gets the kind of the write.</summary>
    public VersionOrigin Origin { get; init; }
}

/// <summary>The result of writing an upload.</summary>
/// <param name="Outcome">Written, or the reason that the version was not written.</param>
/// <param name="Version">The version; <see langword="null"/> when it was not written.</param>
/// <param name="WrittenAt">The time of the write by the database's clock; only valid with <paramref name="Version"/>.</param>
public readonly record struct ObjectWrite(ObjectWriteOutcome Outcome, NewVersion? Version, DateTimeOffset WrittenAt);
