using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Media;

/// <summary>The use cases that read items. They change nothing.</summary>
public sealed class MediaQueries(IMediaStore store)
{
    /// <summary>Finds an item that the sender may read.</summary>
    public async ValueTask<MediaResult> FindAsync(MediaId id, MediaSender sender, CancellationToken cancellationToken) =>
        await store.FindAsync(id, cancellationToken) is { RemovedAt: null } item
            ? Admit(item, sender)
            : MediaResult.Of(id, MediaRefusalReason.NotFound);

    /// <summary>Finds an item by its alias.</summary>
    /// <returns><see langword="null"/> when the owner has no item of that alias.</returns>
    public async ValueTask<MediaResult?> FindByAliasAsync(
        MediaOwner owner, MediaAlias name, MediaSender sender, CancellationToken cancellationToken) =>
        await store.FindByAliasAsync(owner, name, cancellationToken) is { } item ? Admit(item, sender) : null;

    /// <summary>Finds the ids of aliases.</summary>
    /// <returns>
    /// The ids in the order of the aliases, <see langword="null"/> for an alias that no item has; no list for an owner without aliases.
    /// </returns>
    public async Task<IReadOnlyList<MediaId?>?> FindAliasesAsync(
        MediaOwner owner, IReadOnlyList<MediaAlias> aliases, CancellationToken cancellationToken)
    {
        var found = await store.FindAliasesAsync(owner, [.. aliases.Distinct()], cancellationToken);
        if (found.Count == 0 && !await store.HasAliasesAsync(owner, cancellationToken))
        {
            return null;
        }

        return [.. aliases.Select(name => found.TryGetValue(name, out var id) ? id : (MediaId?)null)];
    }

    private static MediaResult Admit(MediaItem item, MediaSender sender)
    {
        if (item.IsPublic || sender.ActsFor(item.Owner))
        {
            return MediaResult.Of(item);
        }

        return MediaResult.Of(item.Id, sender.IsAnonymous ? MediaRefusalReason.KeyRequired : MediaRefusalReason.OwnerForbidden);
    }
}
