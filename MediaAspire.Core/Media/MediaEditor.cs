using System.Collections.Immutable;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Media;

/// <summary>The use cases that change, remove, restore and clone items.</summary>
public sealed class MediaEditor(IMediaStore store, IObjectAccess access, TimeProvider time)
{
    /// <summary>Changes fields of an item, see <see cref="ItemRules.Update"/>.</summary>
    public async Task<MediaResult> UpdateAsync(
        MediaId id, MediaSender sender, MediaChange change, IReadOnlyList<long>? versions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        return await ChangeAsync(
            id, [id, .. change.References ?? []], set => ItemRules.Update(set, id, sender, change, versions), cancellationToken);
    }

    /// <summary>Adds tags to an item, see <see cref="ItemRules.AddTags"/>.</summary>
    public Task<MediaResult> AddTagsAsync(
        MediaId id, MediaSender sender, ImmutableArray<string> tags, CancellationToken cancellationToken) =>
        ChangeAsync(id, [id], set => ItemRules.AddTags(set, id, sender, tags), cancellationToken);

    /// <summary>Removes a tag from an item, see <see cref="ItemRules.RemoveTag"/>.</summary>
    public Task<MediaResult> RemoveTagAsync(MediaId id, MediaSender sender, string tag, CancellationToken cancellationToken) =>
        ChangeAsync(id, [id], set => ItemRules.RemoveTag(set, id, sender, tag), cancellationToken);

    /// <summary>Makes an item public or private, see <see cref="ItemRules.SetAccess"/>, and its objects too.</summary>
    /// <returns>The result, and whether the object store has followed; the duty does it otherwise.</returns>
    public Task<(MediaResult Result, bool IsApplied)> SetAccessAsync(
        MediaId id, MediaSender sender, bool isPublic, CancellationToken cancellationToken) =>
        ChangeAccessAsync(id, set => ItemRules.SetAccess(set, id, sender, isPublic), cancellationToken);

    /// <summary>Moves an item to the trash, see <see cref="ItemRules.MoveToTrash"/>.</summary>
    public async Task<MediaResult> MoveToTrashAsync(MediaId id, MediaSender sender, CancellationToken cancellationToken) =>
        (await ChangeAccessAsync(id, set => ItemRules.MoveToTrash(set, id, sender), cancellationToken)).Result;

    /// <summary>Deletes an item, see <see cref="ItemRules.Delete"/>.</summary>
    public async Task<MediaResult> DeleteAsync(MediaId id, MediaSender sender, CancellationToken cancellationToken) =>
        (await ChangeAccessAsync(id, set => ItemRules.Delete(set, id, sender), cancellationToken)).Result;

    /// <summary>Takes an item back from the trash, see <see cref="ItemRules.Restore"/>.</summary>
    public async Task<MediaResult> RestoreAsync(
        MediaId id, MediaSender sender, FieldValue<MediaAlias?>? newAlias, CancellationToken cancellationToken) =>
        (await ChangeAccessAsync(id, set => ItemRules.Restore(set, id, sender, newAlias), cancellationToken)).Result;

    /// <summary>Copies an item, see <see cref="ItemRules.Clone"/>.</summary>
    /// <param name="id">The original.</param>
    /// <param name="sender">The sender.</param>
    /// <param name="owner">The clone's owner; <see langword="null"/> for the original's.</param>
    /// <param name="isPublic">The clone's access; <see langword="null"/> for the original's.</param>
    /// <param name="change">The changed fields, without references.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<MediaResult> CloneAsync(
        MediaId id, MediaSender sender, MediaOwner? owner, bool? isPublic, MediaChange change, CancellationToken cancellationToken)
    {
        var clone = new NewClone(MediaId.New(time), owner, isPublic, change);
        return (await ChangeAccessAsync(id, set => ItemRules.Clone(set, id, sender, clone), cancellationToken)).Result;
    }

    private async Task<(MediaResult Result, bool IsApplied)> ChangeAccessAsync(
        MediaId id, Func<MediaSet, MediaDecision<MediaResult>> rule, CancellationToken cancellationToken)
    {
        var result = await ChangeAsync(id, [id], rule, cancellationToken);
        return (result, result.Item is not { } item || await access.ApplyAsync(item, cancellationToken));
    }

    private async Task<MediaResult> ChangeAsync(
        MediaId id,
        IReadOnlyCollection<MediaId> locked,
        Func<MediaSet, MediaDecision<MediaResult>> rule,
        CancellationToken cancellationToken) =>
        MediaResult.Of(id, await store.ChangeAsync(locked, rule, cancellationToken));
}
