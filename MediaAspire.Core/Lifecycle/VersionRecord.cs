using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Lifecycle;

/// <summary>The properties of a version that rules depend on.</summary>
/// <param name="Id">The version.</param>
/// <param name="Key">Its key.</param>
/// <param name="Position">Its position among the versions of the key; newer versions have higher ones.</param>
/// <param name="IsLatest">A value indicating whether the version is the newest of its key.</param>
/// <param name="IsDeleteMarker">A value indicating whether the version is a delete marker.</param>
/// <param name="ModifiedAt">The time of its creation.</param>
/// <param name="Size">Length in bytes; 0 for a delete marker.</param>
/// <param name="Tags">Its tags.</param>
public sealed record VersionRecord(
    VersionId Id, string Key, long Position, bool IsLatest, bool IsDeleteMarker, DateTimeOffset ModifiedAt, long Size,
    IReadOnlyDictionary<string, string> Tags)
{
    /// <summary>Gets a value indicating whether a lock forbids to delete the version now.</summary>
    public bool IsHeld { get; init; }

    /// <summary>
    /// Gets the time at which the next newer version was created and this one became noncurrent; <see langword="null"/> for the latest.
    /// </summary>
    public DateTimeOffset? SucceededAt { get; init; }

    /// <summary>Gets the number of newer noncurrent versions, without delete markers; counting may stop at 100.</summary>
    public int NewerNoncurrent { get; init; }

    /// <summary>Gets a value indicating whether the key has no other version.</summary>
    public bool IsAlone { get; init; }
}
