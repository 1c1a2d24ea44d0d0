namespace MediaAspire.Core.Files;

/// <summary>Whether a file became visible.</summary>
public enum CompletionOutcome
{
    Completed,

    /// <summary>Its session is gone; nothing was changed.</summary>
    SessionLost,

    /// <summary>The statement that was to go with it changed no row; nothing was changed.</summary>
    ClaimLost,

    /// <summary>The commit was sent and got no answer: the file may be visible, so its bytes must stay.</summary>
    Unknown,
}

/// <param name="Outcome">Whether the file became visible.</param>
/// <param name="CompletedAt">When, by the database's clock; of no meaning unless it did.</param>
public readonly record struct Completion(CompletionOutcome Outcome, DateTimeOffset CompletedAt)
{
    /// <summary>Gets the exception that ended the call when the outcome is <see cref="CompletionOutcome.Unknown"/>.</summary>
    public Exception? Failure { get; init; }
}
