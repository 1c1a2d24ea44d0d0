using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Objects;

/// <summary>One version of one key: an object, or the marker that it was deleted.</summary>
/// <param name="Id">The version's id.</param>
/// <param name="Key">The object's key.</param>
/// <param name="Attributes">Its attributes besides its bytes.</param>
public sealed record ObjectVersion(VersionId Id, string Key, ObjectAttributes Attributes)
{
    /// <summary>The name of the version that a bucket without versioning has of each key.</summary>
    public const string NullVersion = "null";

    /// <summary>Gets a value indicating whether this is the version called "null".</summary>
    public required bool IsNull { get; init; }

    public required bool IsLatest { get; init; }

    public required bool IsDeleteMarker { get; init; }

    /// <summary>Gets the time of its creation, by the database's clock.</summary>
    public required DateTimeOffset ModifiedAt { get; init; }

    /// <summary>Gets the length in bytes; 0 for a delete marker.</summary>
    public required long Size { get; init; }

    /// <summary>Gets the entity tag without quotes; empty for a delete marker.</summary>
    public required string ETag { get; init; }

    /// <summary>Gets the file with the bytes; <see langword="null"/> for a delete marker, and where the bytes are those of parts.</summary>
    public FileId? File { get; init; }

    /// <summary>Gets the number of parts that it was uploaded in; <see langword="null"/> when it was put in one request.</summary>
    public int? PartCount { get; init; }

    /// <summary>Gets the version's name on the wire.</summary>
    public string VersionName => IsNull ? NullVersion : Id.ToString();
}
