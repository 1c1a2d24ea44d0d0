namespace MediaAspire.Core.Files;

/// <summary>Whether a file became visible.</summary>
public enum CompletionOutcome
{
    Completed,

    /// <summary>Its session is gone; nothing was changed.</summary>
    SessionLost,

    /// <summary>The condition was not met; nothing was changed.</summary>
    ConditionUnmet,
}

/// <param name="Outcome">Whether the file became visible.</param>
/// <param name="CompletedAt">When, by the database's clock; of no meaning unless it did.</param>
public readonly record struct Completion(CompletionOutcome Outcome, DateTimeOffset CompletedAt);
