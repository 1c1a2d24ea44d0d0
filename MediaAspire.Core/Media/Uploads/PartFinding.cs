using System.Globalization;
using MediaAspire.Core.Checksums;

namespace MediaAspire.Core.Media.Uploads;

/// <summary>The state of a pending part in the object store.</summary>
/// <param name="Part">The part as it was when the store was asked.</param>
/// <param name="State">The state.</param>
public sealed record PartFinding(MediaPart Part, FindingState State)
{
    /// <summary>Gets the entity tag of the object; <see langword="null"/> when it does not exist.</summary>
    public string? ETag { get; init; }

    /// <summary>Gets the size of the object or of the uploaded parts, in bytes.</summary>
    public long Size { get; init; }

    /// <summary>Gets the hash of the object; <see langword="null"/> when the store does not know it.</summary>
    public Sha256Digest? Sha256 { get; init; }

    /// <summary>Gets the key for the next upload of a refused part.</summary>
    public string? NextKey { get; init; }

    /// <summary>
    /// Gets the store's id of the next upload in parts of a refused part; <see langword="null"/> for one that is put at once.
    /// </summary>
    public string? NextMultipartId { get; init; }

    /// <summary>Gets the error code of a refused part.</summary>
    public string Code => State == FindingState.WrongSize ? UploadCodes.SizeMismatch : UploadCodes.ChecksumMismatch;

    /// <summary>Gets the reason of a refusal, in a sentence.</summary>
    public string Reason => State == FindingState.WrongSize
        ? string.Create(CultureInfo.InvariantCulture, $"Part {Part.Number} has {Size} bytes, but {Part.Size} were declared.")
        : string.Create(
            CultureInfo.InvariantCulture, $"The SHA-256 of part {Part.Number} is {Sha256}, but {Part.Sha256} was declared.");
}

/// <summary>The states of a pending part in the object store.</summary>
public enum FindingState
{
    /// <summary>The object or parts of its upload are missing.</summary>
    Missing,

    /// <summary>The object has the declared size and hash.</summary>
    Verified,

    /// <summary>The object has the declared size, and the store does not tell its hash.</summary>
    Unverified,

    WrongSize,
    WrongHash,
}

/// <summary>The error codes of uploads.</summary>
public static class UploadCodes
{
    public const string SizeMismatch = "size-mismatch";
    public const string ChecksumMismatch = "checksum-mismatch";
    public const string Expired = "upload-expired";
}
