using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Objects;

/// <summary>A page of a listing.</summary>
/// <typeparam name="T">An object or a version.</typeparam>
/// <param name="Entries">Objects or versions, in order.</param>
/// <param name="CommonPrefixes">Prefixes that each stand for all keys that begin with them, in order.</param>
/// <param name="Next">The position that the next page continues after; <see langword="null"/> on the last page.</param>
public sealed record ListingPage<T>(IReadOnlyList<T> Entries, IReadOnlyList<string> CommonPrefixes, ListingPosition? Next);

/// <summary>An object in a listing.</summary>
/// <param name="Key">Its key.</param>
/// <param name="ModifiedAt">The time of its creation, by the database's clock.</param>
/// <param name="ETag">The entity tag without quotes.</param>
/// <param name="Size">Length in bytes.</param>
/// <param name="OwnerId">The object's owner.</param>
/// <param name="StorageClass">As it was put.</param>
/// <param name="ChecksumAlgorithm">The algorithm of its checksum; <see langword="null"/> for none.</param>
/// <param name="ChecksumType">The scope of the checksum; <see langword="null"/> without one.</param>
public record ListedObject(
    string Key,
    DateTimeOffset ModifiedAt,
    string ETag,
    long Size,
    string OwnerId,
    string StorageClass,
    string? ChecksumAlgorithm,
    string? ChecksumType);

/// <summary>A version in a listing. A delete marker has no entity tag and no size.</summary>
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
