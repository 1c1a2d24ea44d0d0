namespace MediaAspire.Core.Quotas;

/// <summary>The most that a bucket or an owner may store; at least one of the two is set.</summary>
/// <param name="Bytes">The bytes of all contents, without their further copies; <see langword="null"/> for any.</param>
/// <param name="Objects">The number of files and versions of objects; <see langword="null"/> for any.</param>
public sealed record QuotaLimits(long? Bytes, long? Objects);
