using System.Collections.Immutable;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Media;

/// <summary>The rules for changing, removing and cloning items. Pure functions of the locked items.</summary>
public static class ItemRules
{
    /// <summary>Changes fields of an item. The caller has locked the items that the change refers to.</summary>
    /// <param name="set">The locked items.</param>
    /// <param name="id">The item.</param>
    /// <param name="sender">The sender.</param>
    /// <param name="change">The new values.</param>
    /// <param name="versions">The versions that the item may have; <see langword="null"/> for any.</param>
    public static MediaDecision<MediaResult> Update(
        MediaSet set, MediaId id, MediaSender sender, MediaChange change, IReadOnlyList<long>? versions)
    {
        if (Admit(set, id, sender, out var item) is { } refusal)
        {
            return Refuse(refusal);
        }

        if ((RefuseUnlisted(item) ?? RefuseUnready(item) ?? RefuseImmutable(item) ?? RefuseVersion(item, versions)) is { } unfit)
        {
            return Refuse(unfit);
        }

        if (change.IsDirectOnly == true && !item.IsDirectOnly && RefuseReferenced(set, item) is { } referenced)
        {
            return Refuse(referenced);
        }

        var faults = MediaReferences.Check(item, change.References ?? [], set.Items, set.Referrers);
        return faults.IsEmpty
            ? Change(item, MediaUpdate.Apply(item, change))
            : Refuse(Of(item, MediaRefusalReason.ReferencesForbidden) with { References = faults });
    }

    /// <summary>Adds tags, each once.</summary>
    public static MediaDecision<MediaResult> AddTags(MediaSet set, MediaId id, MediaSender sender, ImmutableArray<string> tags)
    {
        if ((Admit(set, id, sender, out var item) ?? RefuseImmutable(item)) is { } refusal)
        {
            return Refuse(refusal);
        }

        var union = MediaTags.Union(item.Tags, tags);
        return union.Length <= MediaTags.MaxCount
            ? Change(item, union.Length == item.Tags.Length ? item : item with { Tags = union })
            : Refuse(Of(item, MediaRefusalReason.TooManyTags));
    }

    /// <summary>Removes a tag, if the item has it.</summary>
    public static MediaDecision<MediaResult> RemoveTag(MediaSet set, MediaId id, MediaSender sender, string tag)
    {
        if ((Admit(set, id, sender, out var item) ?? RefuseImmutable(item)) is { } refusal)
        {
            return Refuse(refusal);
        }

        return Change(item, item.Tags.Contains(tag, StringComparer.Ordinal) ? item with { Tags = item.Tags.Remove(tag) } : item);
    }

    /// <summary>Makes an item public or private.</summary>
    /// <remarks>
    /// The object store follows afterwards, see <see cref="IObjectAccess"/>. Addresses that need a public object are given only when it is
    /// public, and no longer from this change on.
    /// </remarks>
    public static MediaDecision<MediaResult> SetAccess(MediaSet set, MediaId id, MediaSender sender, bool isPublic)
    {
        if ((Admit(set, id, sender, out var item) ?? RefuseUnready(item) ?? RefuseImmutable(item)) is { } refusal)
        {
            return Refuse(refusal);
        }

        if (!isPublic && item.IsPublic && RefuseReferenced(set, item) is { } referenced)
        {
            return Refuse(referenced);
        }

        return Change(item, item.IsPublic == isPublic ? item : item with { IsPublic = isPublic, HasPublicObjects = false });
    }

    /// <summary>Records that the object store gives every object of a public item to anyone.</summary>
    public static MediaDecision<MediaResult> RecordPublicObjects(MediaSet set, MediaId id) =>
        set.Find(id) is { IsPublic: true, RemovedAt: null, HasPublicObjects: false } item
            ? Change(item, item with { HasPublicObjects = true })
            : Refuse(new MediaRefusal(id, MediaRefusalReason.NotFound));

    /// <summary>Moves an item to the trash.</summary>
    public static MediaDecision<MediaResult> MoveToTrash(MediaSet set, MediaId id, MediaSender sender)
    {
        if (AdmitRemoval(set, id, sender, out var item) is { } refusal)
        {
            return Refuse(refusal);
        }

        return Change(item, item.RemovedAt is null ? item with { RemovedAt = set.Now, HasPublicObjects = false } : item);
    }

    /// <summary>Deletes an item, also from the trash. Objects that no other item holds are scheduled for deletion.</summary>
    public static MediaDecision<MediaResult> Delete(MediaSet set, MediaId id, MediaSender sender) =>
        AdmitRemoval(set, id, sender, out var item) is { } refusal
            ? Refuse(refusal)
            : new(MediaResult.Of(item)) { Deleted = [id] };

    /// <summary>Takes an item back from the trash.</summary>
    /// <param name="set">The locked items.</param>
    /// <param name="id">The item.</param>
    /// <param name="sender">The sender.</param>
    /// <param name="alias">The alias that it gets; <see langword="null"/> for the one that it had.</param>
    public static MediaDecision<MediaResult> Restore(MediaSet set, MediaId id, MediaSender sender, FieldValue<MediaAlias?>? alias)
    {
        if (AdmitOwner(set, id, sender, out var item) is { } refusal)
        {
            return Refuse(refusal);
        }

        return Change(item, item.RemovedAt is null
            ? item
            : item with { RemovedAt = null, Alias = alias is { } given ? given.Value : item.Alias });
    }

    /// <summary>Copies an item's metadata to a new one that shares its objects.</summary>
    /// <param name="set">The locked items: the original.</param>
    /// <param name="id">The original.</param>
    /// <param name="sender">The sender.</param>
    /// <param name="clone">The new item's id, owner and changed fields.</param>
    /// <remarks>
    /// The clone has neither the alias nor the references of the original, which no two items may have, and it can be changed. Its times
    /// are its own, so that it is in every list.
    /// </remarks>
    public static MediaDecision<MediaResult> Clone(MediaSet set, MediaId id, MediaSender sender, NewClone clone)
    {
        if ((Admit(set, id, sender, out var item) ?? RefuseUnready(item)) is { } refusal)
        {
            return Refuse(refusal);
        }

        var owner = clone.Owner ?? item.Owner;
        if (!sender.ActsFor(owner))
        {
            return Refuse(Of(item, MediaRefusalReason.OwnerForbidden));
        }

        var copy = MediaUpdate.Apply(
            item with
            {
                Id = clone.Id,
                Owner = owner,
                Alias = null,
                References = [],
                Parent = item.Id,
                IsPublic = clone.IsPublic ?? item.IsPublic,
                HasPublicObjects = false,
                IsImmutable = false,
                Failure = null,
                CreatedAt = set.Now,
                UpdatedAt = set.Now,
                UploadedAt = set.Now,
                ReadyAt = set.Now,
                Version = 0,
            },
            clone.Change);
        return new(MediaResult.Of(copy)) { Created = [copy] };
    }

    private static MediaRefusal? Admit(MediaSet set, MediaId id, MediaSender sender, out MediaItem item) =>
        AdmitOwner(set, id, sender, out item) is { } refusal ? refusal
            : item.RemovedAt is null ? null
            : new MediaRefusal(id, MediaRefusalReason.NotFound);

    private static MediaRefusal? AdmitRemoval(MediaSet set, MediaId id, MediaSender sender, out MediaItem item) =>
        AdmitOwner(set, id, sender, out item) ?? RefuseUnlisted(item) ?? RefuseImmutable(item) ?? RefuseReferenced(set, item);

    private static MediaRefusal? AdmitOwner(MediaSet set, MediaId id, MediaSender sender, out MediaItem item)
    {
        item = set.Find(id)!;
        if (item is null)
        {
            return new MediaRefusal(id, MediaRefusalReason.NotFound);
        }

        return sender.ActsFor(item.Owner) ? null : new MediaRefusal(id, MediaRefusalReason.OwnerForbidden);
    }

    private static MediaRefusal? RefuseUnlisted(MediaItem item) => item.IsUnlisted ? Of(item, MediaRefusalReason.Unlisted) : null;

    private static MediaRefusal? RefuseUnready(MediaItem item) =>
        item.Status == MediaStatus.Ready ? null : Of(item, MediaRefusalReason.NotReady);

    private static MediaRefusal? RefuseImmutable(MediaItem item) => item.IsImmutable ? Of(item, MediaRefusalReason.Immutable) : null;

    private static MediaRefusal? RefuseVersion(MediaItem item, IReadOnlyList<long>? versions) =>
        versions is null || versions.Contains(item.Version) ? null : Of(item, MediaRefusalReason.VersionDiffers);

    private static MediaRefusal? RefuseReferenced(MediaSet set, MediaItem item) =>
        MediaReferences.ReferrersOf(set, item.Id) is { IsEmpty: false } referrers
            ? Of(item, MediaRefusalReason.Referenced) with { Referrers = referrers }
            : null;

    private static MediaRefusal Of(MediaItem item, MediaRefusalReason reason) => new(item.Id, reason) { Item = item };

    private static MediaDecision<MediaResult> Refuse(MediaRefusal refusal) => new(MediaResult.Of(refusal));

    private static MediaDecision<MediaResult> Change(MediaItem before, MediaItem after) => ReferenceEquals(before, after)
        ? new(MediaResult.Of(before))
        : new(MediaResult.Of(after)) { Changed = [after] };
}

/// <summary>The fields of a clone that differ from its original's.</summary>
/// <param name="Id">The clone's id.</param>
/// <param name="Owner">The clone's owner; <see langword="null"/> for the original's.</param>
/// <param name="IsPublic">The clone's access; <see langword="null"/> for the original's.</param>
/// <param name="Change">The changed fields, without references.</param>
public sealed record NewClone(MediaId Id, MediaOwner? Owner, bool? IsPublic, MediaChange Change);
