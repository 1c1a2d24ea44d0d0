namespace MediaAspire.Core.Files;

/// <summary>Why a file could not be taken in.</summary>
public enum FileWriteFailure
{
    /// <summary>The body is longer than the largest file allowed.</summary>
    TooLarge,

    /// <summary>The body ended before, or went on after, the length that the client declared.</summary>
    LengthMismatch,

    /// <summary>Fewer servers than copies wanted can take chunks, and degraded writes are not allowed.</summary>
    NotEnoughServers,

    /// <summary>Every copy of a chunk failed while it was being written.</summary>
    AllCopiesFailed,

    /// <summary>The upload session expired or was removed before the last byte was safe.</summary>
    SessionLost,
}

/// <summary>A file was not taken in; none of it is visible, and what was written of it is removed.</summary>
public sealed class FileWriteException(FileWriteFailure failure, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    public FileWriteFailure Failure { get; } = failure;
}
