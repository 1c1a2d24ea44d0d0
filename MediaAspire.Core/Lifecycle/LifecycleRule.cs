namespace MediaAspire.Core.Lifecycle;

/// <summary>What is to become of some objects of a bucket, and when.</summary>
/// <param name="Id">Unique in its bucket; 1 to 255 characters.</param>
/// <param name="IsEnabled">Whether it is in force.</param>
/// <param name="Filter">Which objects it is about.</param>
public sealed record LifecycleRule(string Id, bool IsEnabled, LifecycleFilter Filter)
{
    /// <summary>Gets whether the prefix was given beside the filter, as in older documents; it is given back the same way.</summary>
    public bool HasOuterPrefix { get; init; }

    /// <summary>Gets after how many days an object expires; at least 1.</summary>
    public int? Days { get; init; }

    /// <summary>Gets since when objects expire: a midnight, UTC.</summary>
    public DateTimeOffset? Date { get; init; }

    /// <summary>Gets whether delete markers go with which nothing is left to hide.</summary>
    public bool? ExpiredDeleteMarker { get; init; }

    /// <summary>Gets for how many days a version must have been noncurrent to expire; at least 1.</summary>
    public int? NoncurrentDays { get; init; }

    /// <summary>Gets how many noncurrent versions that are newer must be there as well; 1 to 100.</summary>
    public int? NewerNoncurrentVersions { get; init; }

    /// <summary>Gets after how many days an upload in parts is given up; at least 1.</summary>
    public int? AbortUploadDays { get; init; }

    /// <summary>Gets whether it asks for anything to be done to versions, not only to uploads.</summary>
    internal bool ConcernsVersions => Days is not null || Date is not null || ExpiredDeleteMarker == true || NoncurrentDays is not null;
}
