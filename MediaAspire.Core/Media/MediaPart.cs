using MediaAspire.Core.Checksums;

namespace MediaAspire.Core.Media;

/// <summary>A part of an item's content: one object in the object store.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Type">The role of the part in its item, a name of the application's.</param>
/// <param name="ObjectKey">The key in the object store.</param>
/// <param name="ContentType">The media type, as declared.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">The hash of the bytes, as declared.</param>
/// <param name="State">The state of the upload.</param>
public sealed record MediaPart(
    int Number, string Type, string ObjectKey, string ContentType, long Size, Sha256Digest Sha256, MediaPartState State)
{
    /// <summary>Gets the entity tag that the store told when the part was verified.</summary>
    public string? ETag { get; init; }

    /// <summary>Gets the store's id of the multipart upload; <see langword="null"/> for a part that is put at once.</summary>
    public string? MultipartId { get; init; }

    /// <summary>Gets the time when the last address that allows its upload ends.</summary>
    public DateTimeOffset? UploadUntil { get; init; }

    /// <summary>Gets the time when the part was verified.</summary>
    public DateTimeOffset? StoredAt { get; init; }
}

/// <summary>The states of a part's upload.</summary>
public enum MediaPartState
{
    /// <summary>The bytes have not come, or were refused.</summary>
    Pending,

    /// <summary>The bytes are in the store, and a job hashes them.</summary>
    Verifying,

    /// <summary>The bytes in the store have the declared size and hash.</summary>
    Stored,
}
