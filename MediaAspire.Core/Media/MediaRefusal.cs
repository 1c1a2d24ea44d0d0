using System.Collections.Immutable;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Media;

/// <summary>The outcome of a request for one item: the item, or the reason why the request is refused.</summary>
public sealed record MediaResult
{
    private MediaResult(MediaItem? item, MediaRefusal? refusal)
    {
        Item = item;
        Refusal = refusal;
    }

    /// <summary>Gets the item as it is now; <see langword="null"/> with a <see cref="Refusal"/>.</summary>
    public MediaItem? Item { get; }

    /// <summary>Gets the refusal; <see langword="null"/> with an <see cref="Item"/>.</summary>
    public MediaRefusal? Refusal { get; }

    public static MediaResult Of(MediaItem item) => new(item, null);

    public static MediaResult Of(MediaRefusal refusal) => new(null, refusal);

    public static MediaResult Of(MediaId id, MediaRefusalReason reason) => new(null, new MediaRefusal(id, reason));

    /// <summary>Takes the result of a change: the item as it was stored, or the taken alias.</summary>
    public static MediaResult Of(MediaId id, MediaOutcome<MediaResult> outcome)
    {
        if (outcome.Conflict is { } conflict)
        {
            return new(null, new MediaRefusal(id, MediaRefusalReason.AliasTaken) { Conflict = conflict });
        }

        return outcome.Outcome.Refusal is null && outcome.Written is [var item] ? Of(item) : outcome.Outcome;
    }
}

/// <summary>The reason why a request for an item is refused.</summary>
/// <param name="Id">The item.</param>
/// <param name="Reason">The reason.</param>
public sealed record MediaRefusal(MediaId Id, MediaRefusalReason Reason)
{
    /// <summary>Gets the item as it is; <see langword="null"/> when the sender may not see it.</summary>
    public MediaItem? Item { get; init; }

    /// <summary>Gets the item that has the alias, for <see cref="MediaRefusalReason.AliasTaken"/>.</summary>
    public AliasConflict? Conflict { get; init; }

    /// <summary>Gets the faults of references, for <see cref="MediaRefusalReason.ReferencesForbidden"/>.</summary>
    public ImmutableArray<ReferenceFault> References { get; init; } = [];

    /// <summary>Gets the items that refer to the item, for <see cref="MediaRefusalReason.Referenced"/>.</summary>
    public ImmutableArray<MediaId> Referrers { get; init; } = [];
}

/// <summary>The reasons why a request for an item is refused.</summary>
public enum MediaRefusalReason
{
    /// <summary>The item does not exist, or is in the trash.</summary>
    NotFound,

    /// <summary>The item is private, and the sender has no key.</summary>
    KeyRequired,

    /// <summary>The item belongs to another owner than the sender acts for.</summary>
    OwnerForbidden,

    /// <summary>The item is unlisted: it is neither changed nor removed.</summary>
    Unlisted,

    /// <summary>The item is not ready.</summary>
    NotReady,

    /// <summary>The item is immutable.</summary>
    Immutable,

    /// <summary>The item has another version than the one that the sender knows.</summary>
    VersionDiffers,

    /// <summary>The item would have more tags than an item may have.</summary>
    TooManyTags,

    /// <summary>The item may not refer to those items.</summary>
    ReferencesForbidden,

    /// <summary>Other items refer to the item.</summary>
    Referenced,

    /// <summary>Another item of the owner has the alias.</summary>
    AliasTaken,
}
