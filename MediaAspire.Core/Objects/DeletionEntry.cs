using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Objects;

/// <summary>One of many objects to be deleted.</summary>
/// <param name="Key">Its key, 1 to 1,024 bytes; one that is not there is deleted as well.</param>
public sealed record DeletionEntry(string Key)
{
    /// <summary>Gets the version to be deleted for good; <see langword="null"/> for the object as readers see it.</summary>
    public VersionId? Version { get; init; }

    /// <summary>Gets whether it is the version called "null" that is to be deleted for good.</summary>
    public bool IsNullVersion { get; init; }

    /// <summary>Gets what must be true of the version that is deleted, if there is one.</summary>
    public DeletionConditions Conditions { get; init; } = DeletionConditions.None;
}

/// <summary>How the deletion of one of many objects went.</summary>
/// <param name="Entry">What was to be deleted.</param>
/// <param name="IsFailed">Whether a condition did not hold, and it is there as before.</param>
/// <param name="Marker">The name of the delete marker that was made, or that was the version deleted; <see langword="null"/> for neither.</param>
public sealed record EntryDeletion(DeletionEntry Entry, bool IsFailed, string? Marker)
{
    /// <summary>Gets whether the version is locked, and there as before.</summary>
    public bool IsLocked { get; init; }
}
