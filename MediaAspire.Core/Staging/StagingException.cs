namespace MediaAspire.Core.Staging;

/// <summary>Why short-term storage did not do what it was asked.</summary>
public enum StagingFailure
{
    /// <summary>It holds as many bytes as it may; room comes with every value that a worker has split.</summary>
    Full,

    /// <summary>The value is larger than any may be.</summary>
    TooLarge,

    /// <summary>Redis gave no answer, or refused the command.</summary>
    Unavailable,

    /// <summary>A piece of the value is not there (any more).</summary>
    Missing,
}

/// <summary>Short-term storage did not do what it was asked; <see cref="Failure"/> tells whose fault that is.</summary>
public sealed class StagingException(StagingFailure failure, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    public StagingFailure Failure { get; } = failure;
}
