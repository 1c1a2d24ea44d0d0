using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Objects;

/// <summary>An object or version to be deleted.</summary>
/// <param name="Key">Its key, 1 to 1,024 bytes; one that does not exist counts as deleted.</param>
public sealed record DeletionEntry(string Key)
{
    /// <summary>Gets the version to be deleted for good; <see langword="null"/> for the object as readers see it.</summary>
    public VersionId? Version { get; init; }

    /// <summary>Gets a value indicating whether the version called "null" is to be deleted for good.</summary>
    public bool IsNullVersion { get; init; }

    /// <summary>Gets the conditions on the object or version, if it exists.</summary>
    public DeletionConditions Conditions { get; init; } = DeletionConditions.None;
}
