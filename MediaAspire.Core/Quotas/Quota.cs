namespace MediaAspire.Core.Quotas;

/// <summary>The quota of a bucket or of an owner, and its usage as of one moment.</summary>
/// <param name="Id">The quota's id; a quota that is removed and set again has another one.</param>
/// <param name="Limits">The limits.</param>
/// <param name="Usage">The usage; <see langword="null"/> while the stored content is being counted.</param>
/// <param name="ChangedAt">The time at which the limits were set, by the database's clock.</param>
public sealed record Quota(Guid Id, QuotaLimits Limits, QuotaUsage? Usage, DateTimeOffset ChangedAt)
{
    /// <summary>Gets a value indicating whether the stored content is being counted. Until it is, nothing is refused.</summary>
    public bool IsCounting => Usage is null;
}
