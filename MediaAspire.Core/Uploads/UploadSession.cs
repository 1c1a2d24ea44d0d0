using MediaAspire.Core.Checksums;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Uploads;

/// <summary>A resumable upload as it is recorded.</summary>
/// <param name="Id">The upload's id.</param>
/// <param name="Target">The thing that it becomes.</param>
/// <param name="State">The state.</param>
/// <param name="Offset">
/// The number of bytes on stable storage, without gaps from the first one. 0 for an upload in parts that is receiving them: it
/// takes no bytes at an offset.
/// </param>
public sealed record UploadSession(UploadSessionId Id, UploadTarget Target, UploadSessionState State, long Offset)
{
    /// <summary>Gets the owner of the result; <see langword="null"/> for none.</summary>
    public OwnerId? Owner { get; init; }

    /// <summary>Gets the API key, or the signed address, that began the upload.</summary>
    public required string Initiator { get; init; }

    /// <summary>Gets what the client told about the upload, as it was told.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>Gets the number of bytes in all; <see langword="null"/> until the client tells it.</summary>
    public long? Length { get; init; }

    /// <summary>Gets the most bytes that the upload accepts.</summary>
    public long MaxLength { get; init; }

    /// <summary>Gets a value indicating whether the upload is the source of a concatenation, without a result of its own.</summary>
    public bool IsPartial { get; init; }

    /// <summary>Gets the partial uploads of a concatenation, in order; empty for others.</summary>
    public IReadOnlyList<UploadSessionId> Parts { get; init; } = [];

    /// <summary>Gets the SHA-256 that all bytes must have; <see langword="null"/> when none was declared.</summary>
    public Sha256Digest? DeclaredSha256 { get; init; }

    /// <summary>Gets the SHA-256 of all bytes; <see langword="null"/> while it is not known.</summary>
    public Sha256Digest? Sha256 { get; init; }

    /// <summary>Gets the result of a completed upload.</summary>
    public UploadResult? Result { get; init; }

    /// <summary>Gets the failure of a failed upload.</summary>
    public UploadFailure? Failure { get; init; }

    /// <summary>Gets the time of creation, by the database's clock.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Gets the time of the last change, by the database's clock.</summary>
    public DateTimeOffset ModifiedAt { get; init; }

    /// <summary>Gets the time when the upload is removed, which each append extends; <see langword="null"/> for one of S3.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>
    /// Gets the size of the parts of an upload in parts, the last of which may be shorter; otherwise <see langword="null"/>.
    /// </summary>
    public long? PartSize { get; init; }

    /// <summary>Gets the parts that are stored of an upload in parts, this server's or S3's; otherwise <see langword="null"/>.</summary>
    public int? StoredParts { get; init; }

    /// <summary>Gets a value indicating whether the upload is one in parts of S3, which has neither a length nor an expiry.</summary>
    public bool IsS3 { get; init; }

    /// <summary>Gets the number of bytes on stable storage, those of parts after a gap included.</summary>
    public long Received { get; init; } = Offset;

    /// <summary>Gets a value indicating whether all bytes have arrived.</summary>
    public bool HasAllBytes => Length == Received;

    /// <summary>Gets a value indicating whether the result needs the SHA-256 of all bytes.</summary>
    internal bool NeedsSha256 =>
        !IsPartial && (DeclaredSha256 is not null || Target is FileTarget or MediaPartTarget or NewMediaTarget);

    /// <summary>Gets the length of a part of an upload in parts; <see langword="null"/> when there is no such part.</summary>
    public long? LengthOfPart(int number) =>
        PartSize is { } size && Length is { } length && number >= 1 && (number - 1) * size < length
            ? Math.Min(size, length - ((number - 1) * size))
            : null;
}

/// <summary>The states of a resumable upload.</summary>
public enum UploadSessionState
{
    /// <summary>Bytes are wanted.</summary>
    Receiving,

    /// <summary>All bytes have arrived, and the result is being made.</summary>
    Completing,

    /// <summary>The result exists. A partial upload has none, and waits for its concatenation.</summary>
    Completed,

    /// <summary>The upload has failed, and its bytes are released.</summary>
    Failed,
}

/// <summary>The reason for a failed upload.</summary>
/// <param name="Code">A stable code of <see cref="UploadFailureCodes"/>.</param>
/// <param name="Message">An explanation for people.</param>
public sealed record UploadFailure(string Code, string Message);
