namespace MediaAspire.Api.Http;

/// <summary>The preconditions of a request to read, by RFC 9110, section 13.</summary>
/// <remarks>The file routes and S3 differ in the syntax and comparison of entity tags, and share the order of evaluation.</remarks>
internal readonly record struct Preconditions
{
    /// <summary>Gets a value indicating whether a tag of <c>If-Match</c> matches; <see langword="null"/> without the header.</summary>
    public bool? IfMatch { get; init; }

    /// <summary>Gets a value indicating whether a tag of <c>If-None-Match</c> matches; <see langword="null"/> without the header.</summary>
    public bool? IfNoneMatch { get; init; }

    /// <summary>Gets the date of <c>If-Modified-Since</c>; <see langword="null"/> without a valid one.</summary>
    public DateTimeOffset? IfModifiedSince { get; init; }

    /// <summary>Gets the date of <c>If-Unmodified-Since</c>; <see langword="null"/> without a valid one.</summary>
    public DateTimeOffset? IfUnmodifiedSince { get; init; }

    /// <summary>Truncates a time to whole seconds, the resolution of HTTP dates.</summary>
    public static DateTimeOffset ToHttpDate(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());

    /// <summary>Evaluates the preconditions in the order of RFC 9110, section 13.2.2.</summary>
    /// <param name="lastModified">The time of the last modification, in whole seconds.</param>
    public ConditionOutcome Evaluate(DateTimeOffset lastModified)
    {
        // "When If-Match is present and the condition is false, respond 412."
        if (IfMatch is { } matches)
        {
            if (!matches)
            {
                return ConditionOutcome.PreconditionFailed;
            }
        }
        else if (lastModified > IfUnmodifiedSince)
        {
            return ConditionOutcome.PreconditionFailed;
        }

        // "A recipient MUST ignore If-Modified-Since if the request contains an If-None-Match header field."
        if (IfNoneMatch is { } noneMatches)
        {
            return noneMatches ? ConditionOutcome.NotModified : ConditionOutcome.Proceed;
        }

        return lastModified <= IfModifiedSince ? ConditionOutcome.NotModified : ConditionOutcome.Proceed;
    }
}
