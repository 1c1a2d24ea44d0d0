using MediaAspire.Core.Quotas;

namespace MediaAspire.Api.Admin;

/// <param name="Bytes">The most bytes; null for any.</param>
/// <param name="Objects">The most files and versions of objects; null for any.</param>
public sealed record SetQuotaRequest(long? Bytes = null, long? Objects = null);

/// <param name="Bytes">The most bytes; null for any.</param>
/// <param name="Objects">The most files and versions of objects; null for any.</param>
/// <param name="State"><c>active</c>, or <c>counting</c>: then the stored content is being counted, and nothing is refused yet.</param>
/// <param name="Used">The usage; null while it is being counted.</param>
/// <param name="ChangedAt">The time at which the limits were set.</param>
internal sealed record QuotaResponse(long? Bytes, long? Objects, string State, UsageResponse? Used, DateTimeOffset ChangedAt)
{
    public static QuotaResponse Of(Quota quota) => new(
        quota.Limits.Bytes,
        quota.Limits.Objects,
        quota.IsCounting ? "counting" : "active",
        quota.Usage is { } usage ? UsageResponse.Of(usage) : null,
        quota.ChangedAt);
}

/// <param name="Bytes">The bytes of all contents, each counted once.</param>
/// <param name="Objects">The number of files and versions of objects.</param>
internal sealed record UsageResponse(long Bytes, long Objects)
{
    public static UsageResponse Of(QuotaUsage usage) => new(usage.Bytes, usage.Objects);
}
