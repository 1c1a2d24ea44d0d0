namespace MediaAspire.Core.Staging;

/// <summary>The failures of short-term storage.</summary>
public enum StagingFailure
{
    /// <summary>It holds as many bytes as it may; room comes with every value that a worker has split.</summary>
    Full,

    /// <summary>The value is larger than any may be.</summary>
    TooLarge,

    /// <summary>Redis did not answer, or refused the command.</summary>
    Unavailable,

    /// <summary>A piece of the value is not there (any more).</summary>
    Missing,
}

/// <summary>A failed call to short-term storage; <see cref="Failure"/> says whose fault it is.</summary>
public sealed class StagingException(StagingFailure failure, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    public StagingFailure Failure { get; } = failure;
}
