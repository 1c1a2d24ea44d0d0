namespace MediaAspire.Api.Http;

/// <summary>The response that the preconditions of a request call for.</summary>
internal enum ConditionOutcome
{
    /// <summary>As if there were no condition.</summary>
    Proceed,

    /// <summary>304.</summary>
    NotModified,

    /// <summary>412.</summary>
    PreconditionFailed,
}
