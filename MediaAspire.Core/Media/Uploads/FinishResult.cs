using System.Collections.Immutable;

namespace MediaAspire.Core.Media.Uploads;

/// <summary>The result of finishing uploads.</summary>
/// <param name="Status">The result.</param>
/// <param name="Item">The item as it is now; <see langword="null"/> when it does not exist.</param>
public sealed record FinishResult(FinishStatus Status, MediaItem? Item)
{
    /// <summary>Gets the parts that were refused. Their objects are deleted, and they wait for another upload.</summary>
    public ImmutableArray<PartFinding> Refused { get; init; } = [];

    /// <summary>Gets the numbers of the parts that have not been uploaded.</summary>
    public ImmutableArray<int> Missing => Item is null
        ? []
        : [.. Item.Parts.Where(part => part.State == MediaPartState.Pending).Select(part => part.Number)];
}

/// <summary>The results of finishing uploads.</summary>
public enum FinishStatus
{
    NotFound,

    /// <summary>The item belongs to another owner than the sender.</summary>
    OtherOwner,

    /// <summary>The item waited too long for its parts, and will be removed.</summary>
    Expired,

    /// <summary>At least one part has not been uploaded; those that were are verified.</summary>
    NotUploaded,

    /// <summary>At least one part has another size or hash than declared.</summary>
    Refused,

    /// <summary>Every part has been uploaded, and jobs hash some of them.</summary>
    Verifying,

    /// <summary>Every part is verified, now or before.</summary>
    Uploaded,
}
