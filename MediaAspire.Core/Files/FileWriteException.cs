namespace MediaAspire.Core.Files;

/// <summary>The reason why a file was not accepted.</summary>
public enum FileWriteFailure
{
    /// <summary>The body is longer than the largest file allowed.</summary>
    TooLarge,

    /// <summary>The body is shorter or longer than the client declared.</summary>
    LengthMismatch,

    /// <summary>Fewer servers accept chunks than copies are wanted, and degraded writes are not allowed.</summary>
    NotEnoughServers,

    /// <summary>Every copy of a chunk failed while it was being written.</summary>
    AllCopiesFailed,

    /// <summary>The upload session expired or was removed before the commit.</summary>
    SessionLost,
}

/// <summary>A file was not accepted. None of it is visible, and its written bytes are removed.</summary>
public sealed class FileWriteException(FileWriteFailure failure, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>Gets the reason.</summary>
    public FileWriteFailure Failure { get; } = failure;
}
