namespace MediaAspire.Core.Quotas;

/// <summary>A write was refused because a quota does not allow what it adds. Nothing of it is kept.</summary>
public sealed class QuotaExceededException(QuotaRefusal refusal, Exception? innerException = null)
    : Exception(refusal.ToString(), innerException)
{
    /// <summary>Gets the quota and its figures.</summary>
    public QuotaRefusal Refusal { get; } = refusal;
}
