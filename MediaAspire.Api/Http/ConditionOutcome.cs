namespace MediaAspire.Api.Http;

/// <summary>The response that the preconditions of a request call for.</summary>
internal enum ConditionOutcome
{
    /// <summary>The request continues: every condition holds.</summary>
    Proceed,

    /// <summary>304.</summary>
    NotModified,

    /// <summary>412.</summary>
    PreconditionFailed,
}
