using MediaAspire.Core.Quotas;

namespace MediaAspire.Core.Files;

/// <summary>The outcome of making a file visible.</summary>
public enum CompletionOutcome
{
    /// <summary>The file is visible.</summary>
    Completed,

    /// <summary>The upload session has ended. Nothing was changed.</summary>
    SessionLost,

    /// <summary>The condition of the commit was not met. Nothing was changed.</summary>
    ConditionUnmet,

    /// <summary>A quota does not allow the file. Nothing was changed.</summary>
    QuotaExceeded,

    /// <summary>The commit was sent and got no answer: the file may be visible, so its bytes must stay.</summary>
    Unknown,
}

/// <summary>The result of making a file visible.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="CompletedAt">The time at which the file became visible, by the database's clock; the default for other outcomes.</param>
public readonly record struct Completion(CompletionOutcome Outcome, DateTimeOffset CompletedAt)
{
    /// <summary>Gets the exception that ended the call when the outcome is <see cref="CompletionOutcome.Unknown"/>.</summary>
    public Exception? Failure { get; init; }

    /// <summary>Gets the quota when the outcome is <see cref="CompletionOutcome.QuotaExceeded"/>.</summary>
    public QuotaRefusal? Refusal { get; init; }
}
