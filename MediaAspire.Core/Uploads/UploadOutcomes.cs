namespace MediaAspire.Core.Uploads;

/// <summary>The result of setting the length of an upload.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Session">The upload; <see langword="null"/> when it was not found.</param>
public sealed record LengthResult(LengthOutcome Outcome, UploadSession? Session);

/// <summary>The outcomes of setting the length of an upload.</summary>
public enum LengthOutcome
{
    /// <summary>The upload has the length now, or had it before.</summary>
    Set,

    /// <summary>The upload does not exist, or has expired.</summary>
    NotFound,

    /// <summary>The upload takes no more bytes.</summary>
    Closed,

    /// <summary>The upload has another length. A length is set once.</summary>
    Known,

    /// <summary>The length is below the offset, or above the most that the upload accepts.</summary>
    OutOfRange,
}

/// <summary>The result of completing an upload.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Session">The upload; <see langword="null"/> when it was not found.</param>
public sealed record CompletionResult(CompletionOutcome Outcome, UploadSession? Session);

/// <summary>The outcomes of completing an upload.</summary>
public enum CompletionOutcome
{
    /// <summary>The result exists.</summary>
    Completed,

    /// <summary>A job makes the result.</summary>
    Completing,

    /// <summary>The upload has failed; its failure tells why.</summary>
    Failed,

    /// <summary>The upload does not exist, or has expired.</summary>
    NotFound,

    /// <summary>An append is under way.</summary>
    Busy,

    /// <summary>The upload has a length, and not all its bytes.</summary>
    Incomplete,
}

/// <summary>The outcomes of cancelling an upload.</summary>
public enum CancelOutcome
{
    /// <summary>The upload and its bytes are removed.</summary>
    Cancelled,

    /// <summary>The upload does not exist, or has expired.</summary>
    NotFound,

    /// <summary>The result of the upload exists or is being made. Delete the result instead.</summary>
    Finished,
}

/// <summary>The result of a concatenation.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Session">The upload of all bytes; <see langword="null"/> when none was made.</param>
public sealed record ConcatenationResult(ConcatenationOutcome Outcome, UploadSession? Session);

/// <summary>The outcomes of a concatenation.</summary>
public enum ConcatenationOutcome
{
    Created,

    /// <summary>The same parts were concatenated before, into the upload that is returned.</summary>
    Found,

    /// <summary>A part does not exist, has expired, belongs to another owner, or is not a partial upload.</summary>
    PartNotFound,

    /// <summary>A part does not have all its bytes.</summary>
    PartIncomplete,

    /// <summary>Another concatenation has taken a part.</summary>
    PartTaken,

    /// <summary>The parts have more bytes than the upload accepts.</summary>
    TooLarge,
}
