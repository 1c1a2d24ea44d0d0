namespace MediaAspire.Api.Audit;

/// <summary>Facts about a request that only its handler knows.</summary>
internal sealed class AuditDetails
{
    /// <summary>Gets or sets the changed resource, where the path does not name it.</summary>
    public string? Resource { get; set; }

    /// <summary>Gets or sets the public id of the key that the sender claims to have, where no header has it.</summary>
    public string? ClaimedKey { get; set; }
}
