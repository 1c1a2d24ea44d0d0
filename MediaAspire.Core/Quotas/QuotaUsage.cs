namespace MediaAspire.Core.Quotas;

/// <summary>The content that a bucket or an owner stores, as quotas count it.</summary>
/// <param name="Bytes">
/// The bytes of files, of staged versions of named files, of all versions of objects, and of the parts of uploads under way.
/// </param>
/// <param name="Objects">The number of these, without the parts. Delete markers are not counted.</param>
public readonly record struct QuotaUsage(long Bytes, long Objects);
