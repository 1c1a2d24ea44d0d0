using MediaAspire.Core.Audit;

namespace MediaAspire.Api.Audit;

/// <summary>Facts about a request that only its handler knows.</summary>
internal sealed class AuditDetails
{
    /// <summary>Gets or sets the changed resource, where the path does not name it.</summary>
    public string? Resource { get; set; }

    /// <summary>Gets or sets the operation, of a read that changes something: the return from a sign-in.</summary>
    public string? Action { get; set; }

    /// <summary>Gets or sets the outcome, where the status of the response does not tell it: a redirect.</summary>
    public AuditOutcome? Outcome { get; set; }

    /// <summary>Gets or sets the public id of the key that the sender claims to have, where no header has it.</summary>
    public string? ClaimedKey { get; set; }
}
