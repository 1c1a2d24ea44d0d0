namespace MediaAspire.Core.Lifecycle;

/// <summary>A rule by which objects, versions or uploads of a bucket expire.</summary>
/// <param name="Id">Unique in its bucket; 1 to 255 characters.</param>
/// <param name="IsEnabled">A value indicating whether the rule is in force.</param>
/// <param name="Filter">The filter of the objects that the rule applies to.</param>
public sealed record LifecycleRule(string Id, bool IsEnabled, LifecycleFilter Filter)
{
    /// <summary>
    /// Gets a value indicating whether the prefix was given beside the filter, as in older documents. It is returned the same way.
    /// </summary>
    public bool HasOuterPrefix { get; init; }

    /// <summary>Gets the number of days after which an object expires; at least 1.</summary>
    public int? Days { get; init; }

    /// <summary>Gets the time from which on objects expire: a midnight, UTC.</summary>
    public DateTimeOffset? Date { get; init; }

    /// <summary>Gets a value indicating whether delete markers that hide no version expire.</summary>
    public bool? ExpiredDeleteMarker { get; init; }

    /// <summary>Gets the number of days after which a noncurrent version expires; at least 1.</summary>
    public int? NoncurrentDays { get; init; }

    /// <summary>Gets the number of newer noncurrent versions that are kept; 1 to 100.</summary>
    public int? NewerNoncurrentVersions { get; init; }

    /// <summary>Gets the number of days after which an upload in parts is aborted; at least 1.</summary>
    public int? AbortUploadDays { get; init; }

    /// <summary>Gets a value indicating whether the rule applies to versions, not only to uploads.</summary>
    internal bool ConcernsVersions => Days is not null || Date is not null || ExpiredDeleteMarker == true || NoncurrentDays is not null;
}
