namespace MediaAspire.Core.Uploads;

/// <summary>The result of an append.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Offset">The number of bytes of the upload on stable storage; 0 when it was not found.</param>
/// <param name="Session">The upload after the append; <see langword="null"/> when it was not found.</param>
public sealed record AppendResult(AppendOutcome Outcome, long Offset, UploadSession? Session);

/// <summary>The outcomes of an append.</summary>
public enum AppendOutcome
{
    /// <summary>All bytes of the body are on stable storage.</summary>
    Appended,

    /// <summary>The body broke off. What had arrived is on stable storage, unless the append is atomic.</summary>
    Interrupted,

    /// <summary>
    /// Another append has ended this one. What had arrived before is on stable storage, unless the append is atomic.
    /// </summary>
    TakenOver,

    /// <summary>The upload does not exist, or has expired.</summary>
    NotFound,

    /// <summary>The upload takes no more bytes: all have arrived, or it has failed.</summary>
    Closed,

    /// <summary>The upload takes parts, and no bytes at an offset.</summary>
    InParts,

    /// <summary>The offset is not that of the upload.</summary>
    WrongOffset,

    /// <summary>The bytes do not fit into the length of the upload, or of an append. Those of a full piece before may be kept.</summary>
    TooLarge,

    /// <summary>The upload has the most pieces. A client that appends more bytes at once needs fewer.</summary>
    TooManyPieces,

    /// <summary>The body has thrown <see cref="ChecksumMismatchException"/>, and none of its bytes was kept.</summary>
    ChecksumMismatch,
}
