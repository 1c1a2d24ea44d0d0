using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Lifecycle;

/// <summary>What rules look at in a version.</summary>
/// <param name="Id">The version.</param>
/// <param name="Key">Its key.</param>
/// <param name="Position">Its place among the versions of the key; newer ones have higher positions.</param>
/// <param name="IsLatest">Whether it is the newest of its key.</param>
/// <param name="IsDeleteMarker">Whether it only says that the object was deleted.</param>
/// <param name="ModifiedAt">When it was made.</param>
/// <param name="Size">Length in bytes; 0 for a delete marker.</param>
/// <param name="Tags">Its tags.</param>
public sealed record VersionRecord(
    VersionId Id, string Key, long Position, bool IsLatest, bool IsDeleteMarker, DateTimeOffset ModifiedAt, long Size,
    IReadOnlyDictionary<string, string> Tags)
{
    /// <summary>Gets whether it is locked, and must not be deleted now.</summary>
    public bool IsHeld { get; init; }

    /// <summary>Gets when the next newer version was made, and this one became noncurrent; <see langword="null"/> for the latest.</summary>
    public DateTimeOffset? SucceededAt { get; init; }

    /// <summary>Gets how many newer noncurrent versions the key has, delete markers not counted; those beyond 100 may be left out.</summary>
    public int NewerNoncurrent { get; init; }

    /// <summary>Gets whether the key has no other version.</summary>
    public bool IsAlone { get; init; }
}
