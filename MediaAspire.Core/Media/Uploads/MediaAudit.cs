namespace MediaAspire.Core.Media.Uploads;

/// <summary>A comparison of the catalog with the object store.</summary>
/// <param name="Id">Its id.</param>
/// <param name="State"><c>requested</c>, <c>running</c>, <c>done</c> or <c>failed</c>.</param>
/// <param name="IsDryRun">A value indicating whether it only reports.</param>
/// <param name="RequestedAt">The time when it was asked for.</param>
public sealed record MediaAudit(Guid Id, string State, bool IsDryRun, DateTimeOffset RequestedAt)
{
    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Gets the findings so far.</summary>
    public AuditFindings Findings { get; init; } = new();

    /// <summary>Gets the reason why it failed.</summary>
    public string? Error { get; init; }
}

/// <summary>The findings of an audit.</summary>
public sealed record AuditFindings
{
    /// <summary>Gets the number of objects below <c>media/</c> and <c>images/</c> in the store.</summary>
    public long Objects { get; init; }

    /// <summary>Gets the number of objects in the catalog and of images.</summary>
    public long CatalogObjects { get; init; }

    /// <summary>Gets the number of old objects and uploads in parts that nothing refers to. They are scheduled for deletion.</summary>
    public long Orphans { get; init; }

    /// <summary>Gets the size of these objects, in bytes.</summary>
    public long OrphanBytes { get; init; }

    /// <summary>Gets the number of objects that are not named like those of the platform. They are never deleted.</summary>
    public long Foreign { get; init; }

    /// <summary>Gets the number of verified objects and of images that the store does not have.</summary>
    public long Missing { get; init; }

    /// <summary>Gets the number of ready items that were marked as failed, because objects are missing.</summary>
    public long FailedItems { get; init; }

    /// <summary>Gets the number of these items that are ready again, because their objects came back.</summary>
    public long RestoredItems { get; init; }

    /// <summary>Gets the keys of the first orphans.</summary>
    public IReadOnlyList<string> OrphanKeys { get; init; } = [];

    /// <summary>Gets the keys of the first missing objects.</summary>
    public IReadOnlyList<string> MissingKeys { get; init; } = [];
}
