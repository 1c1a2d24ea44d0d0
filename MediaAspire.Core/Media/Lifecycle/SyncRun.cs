namespace MediaAspire.Core.Media.Lifecycle;

/// <summary>The counts of a run of the duty that looks after uploads.</summary>
public sealed record SyncCounts
{
    /// <summary>Gets the pending items that were compared with the object store.</summary>
    public long Examined { get; init; }

    /// <summary>Gets those of them whose upload was complete and unnoticed; they are <c>uploaded</c> now.</summary>
    public long Finished { get; init; }

    /// <summary>Gets those whose bytes a job hashes.</summary>
    public long Verifying { get; init; }

    /// <summary>Gets those with a part of another size or hash than declared; they wait for another upload of it.</summary>
    public long Refused { get; init; }

    /// <summary>Gets those that could not be compared. The next run tries again.</summary>
    public long Faults { get; init; }

    /// <summary>Gets the pending and temporary items that were removed because their time was over.</summary>
    public long Expired { get; init; }

    /// <summary>Gets the items that were removed from the trash.</summary>
    public long Emptied { get; init; }

    /// <summary>Gets the items whose processing was enqueued again.</summary>
    public long Requeued { get; init; }

    /// <summary>Gets the number of changes.</summary>
    public long Changes => Finished + Verifying + Refused + Expired + Emptied + Requeued;
}

/// <summary>A run that has ended.</summary>
/// <param name="Id">Grows with each run.</param>
/// <param name="StartedAt">By the database's clock.</param>
/// <param name="EndedAt">By the database's clock.</param>
/// <param name="Counts">The counts.</param>
public sealed record SyncRun(long Id, DateTimeOffset StartedAt, DateTimeOffset EndedAt, SyncCounts Counts);
