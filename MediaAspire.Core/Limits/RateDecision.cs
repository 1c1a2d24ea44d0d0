namespace MediaAspire.Core.Limits;

/// <summary>The outcome of a request for a token.</summary>
/// <param name="IsAllowed">A value indicating whether the request may proceed.</param>
/// <param name="RetryAfter">The time after which another request may be allowed; zero for an allowed one.</param>
public readonly record struct RateDecision(bool IsAllowed, TimeSpan RetryAfter)
{
    public static RateDecision Allowed { get; } = new(IsAllowed: true, TimeSpan.Zero);

    public static RateDecision Refused(TimeSpan retryAfter) => new(IsAllowed: false, retryAfter);
}
