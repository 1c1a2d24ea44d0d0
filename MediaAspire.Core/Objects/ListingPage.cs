using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Objects;

/// <summary>A part of a listing.</summary>
/// <typeparam name="T">What is listed by itself.</typeparam>
/// <param name="Entries">Objects or versions, in order.</param>
/// <param name="CommonPrefixes">What stands for all keys that begin with it, in order.</param>
/// <param name="Next">Where the next part begins; <see langword="null"/> when this is the last.</param>
public sealed record ListingPage<T>(IReadOnlyList<T> Entries, IReadOnlyList<string> CommonPrefixes, ListingPosition? Next);

/// <summary>An object as listings show it.</summary>
/// <param name="Key">Its key.</param>
/// <param name="ModifiedAt">When it was put, by the database's clock.</param>
/// <param name="ETag">The entity tag without quotes.</param>
/// <param name="Size">Length in bytes.</param>
/// <param name="OwnerId">Whose it is.</param>
/// <param name="StorageClass">As it was put.</param>
/// <param name="ChecksumAlgorithm">The algorithm of its checksum; <see langword="null"/> for none.</param>
/// <param name="ChecksumType">What the checksum is over; <see langword="null"/> without one.</param>
public record ListedObject(
    string Key,
    DateTimeOffset ModifiedAt,
    string ETag,
    long Size,
    string OwnerId,
    string StorageClass,
    string? ChecksumAlgorithm,
    string? ChecksumType);

/// <summary>A version as listings show it; a delete marker has no tag and no size.</summary>
public sealed record ListedVersion(
    string Key,
    DateTimeOffset ModifiedAt,
    string ETag,
    long Size,
    string OwnerId,
    string StorageClass,
    string? ChecksumAlgorithm,
    string? ChecksumType,
    VersionId Id,
    bool IsNull,
    bool IsLatest,
    bool IsDeleteMarker) : ListedObject(Key, ModifiedAt, ETag, Size, OwnerId, StorageClass, ChecksumAlgorithm, ChecksumType)
{
    /// <summary>Gets the version's name on the wire.</summary>
    public string VersionName => IsNull ? ObjectVersion.NullVersion : Id.ToString();
}
