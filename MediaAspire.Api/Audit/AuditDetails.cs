namespace MediaAspire.Api.Audit;

/// <summary>Facts about a request that only its handler knows.</summary>
internal sealed class AuditDetails
{
    /// <summary>Gets or sets the changed resource, where the path does not name it.</summary>
    public string? Resource { get; set; }

    /// <summary>Gets or sets the code of the problem.</summary>
    public string? Reason { get; set; }

    /// <summary>Gets or sets the public id of the key that a refused request claimed to have.</summary>
    public string? ClaimedKey { get; set; }
}
