using System.Collections.Immutable;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Media;

/// <summary>The rule for the items that an item may refer to.</summary>
public static class MediaReferences
{
    /// <summary>Finds every reason why an item may not refer to others; none when it may. References that it has may stay.</summary>
    /// <param name="item">The item with its old references; a new one has none.</param>
    /// <param name="references">The items that it is to refer to. The caller has locked them, so that they stay as they are.</param>
    /// <param name="found">The existing items among <paramref name="references"/>.</param>
    /// <param name="referrers">The items that refer to <paramref name="item"/> or to one of <paramref name="references"/>.</param>
    public static ImmutableArray<ReferenceFault> Check(
        MediaItem item,
        ImmutableArray<MediaId> references,
        IReadOnlyDictionary<MediaId, MediaItem> found,
        IReadOnlyCollection<MediaReferrer> referrers)
    {
        var added = references.Except(item.References).ToList();
        if (added.Count == 0)
        {
            return [];
        }

        var faults = ImmutableArray.CreateBuilder<ReferenceFault>();
        if (IsSpecial(item))
        {
            faults.Add(new ReferenceFault(item.Id, ReferenceReason.SpecialKind));
        }

        if (referrers.Any(other => other.References.Contains(item.Id)))
        {
            faults.Add(new ReferenceFault(item.Id, ReferenceReason.Nested));
        }

        foreach (var id in added)
        {
            faults.AddRange(Check(item, found.GetValueOrDefault(id), id, referrers).Select(reason => new ReferenceFault(id, reason)));
        }

        return faults.ToImmutable();
    }

    /// <summary>Finds the items that refer to an item.</summary>
    public static ImmutableArray<MediaId> ReferrersOf(MediaSet set, MediaId id) =>
        [.. set.Referrers.Where(other => other.References.Contains(id)).Select(other => other.Id)];

    private static IEnumerable<ReferenceReason> Check(
        MediaItem item, MediaItem? referenced, MediaId id, IReadOnlyCollection<MediaReferrer> referrers)
    {
        if (id == item.Id)
        {
            yield return ReferenceReason.Itself;
            yield break;
        }

        // Items of other owners look like missing ones: nobody learns which ids exist.
        if (referenced is null || referenced.RemovedAt is not null || referenced.Owner != item.Owner)
        {
            yield return ReferenceReason.OtherOwner;
            yield break;
        }

        if (referenced.Status != MediaStatus.Ready)
        {
            yield return ReferenceReason.NotReady;
        }

        if (!referenced.References.IsEmpty)
        {
            yield return ReferenceReason.Nested;
        }

        if (IsSpecial(referenced))
        {
            yield return ReferenceReason.SpecialKind;
        }

        if (referenced.IsImmutable)
        {
            yield return ReferenceReason.Immutable;
        }

        if (referenced.IsUnlisted || referenced.IsDirectOnly || !referenced.IsPublic)
        {
            yield return ReferenceReason.PrivateOrUnlisted;
        }

        if (referenced.IsTemporary)
        {
            yield return ReferenceReason.Temporary;
        }

        if (referrers.Any(other => other.Id != item.Id && other.References.Contains(id)))
        {
            yield return ReferenceReason.ReferencedElsewhere;
        }
    }

    private static bool IsSpecial(MediaItem item) => item.Kind is MediaKind.Background or MediaKind.Pkpass;
}

/// <summary>An item that refers to others.</summary>
public sealed record MediaReferrer(MediaId Id, ImmutableArray<MediaId> References);

/// <summary>The reason why an item may not be referred to.</summary>
/// <param name="Id">The item that the reason is about.</param>
/// <param name="Reason">The reason.</param>
public sealed record ReferenceFault(MediaId Id, ReferenceReason Reason);

/// <summary>The reasons why an item may not be referred to.</summary>
public enum ReferenceReason
{
    Itself,

    /// <summary>The item does not exist, is in the trash or belongs to another owner.</summary>
    OtherOwner,
    NotReady,

    /// <summary>The item refers to others, or the referring item is referred to.</summary>
    Nested,

    /// <summary>Backgrounds and passes neither refer to others nor are referred to.</summary>
    SpecialKind,
    Immutable,

    /// <summary>The item is private, unlisted, or in no public list.</summary>
    PrivateOrUnlisted,

    /// <summary>The item is removed at a fixed time.</summary>
    Temporary,

    /// <summary>Another item refers to it already.</summary>
    ReferencedElsewhere,
}
