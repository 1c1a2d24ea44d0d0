using System.Collections.Immutable;

namespace MediaAspire.Core.Media;

/// <summary>Applies changes to items.</summary>
public static class MediaUpdate
{
    /// <summary>
    /// Sets the fields of a change; others stay. The result is the item itself when nothing differs. The caller has checked that the item
    /// may be changed, and by <see cref="MediaReferences"/> what it refers to.
    /// </summary>
    public static MediaItem Apply(MediaItem item, MediaChange change)
    {
        var changed = item with
        {
            Name = change.Name ?? item.Name,
            Alias = change.Alias is { } alias ? alias.Value : item.Alias,
            Description = change.Description is { } description ? description.Value : item.Description,
            Website = change.Website is { } website ? website.Value : item.Website,
            Tags = Newer(item.Tags, change.Tags),
            Categories = Newer(item.Categories, change.Categories),
            Capabilities = Newer(item.Capabilities, change.Capabilities),
            Custom = Merge(item.Custom, change.Custom),
            Player = change.Player is { } player ? PlayerSettings.Merge(item.Player, player) : item.Player,
            Width = change.Dimensions?.Width ?? item.Width,
            Height = change.Dimensions?.Height ?? item.Height,
            References = Newer(item.References, change.References),
            IsDirectOnly = change.IsDirectOnly ?? item.IsDirectOnly,
            IsImmutable = change.IsImmutable ?? item.IsImmutable,
        };
        return changed == item ? item : changed;
    }

    /// <summary>Applies the change that waits for the end of an item's processing, if there is one, and removes it from the item.</summary>
    /// <param name="item">The item.</param>
    /// <param name="withAlias">Apply the alias too; without it, an alias that was taken meanwhile does not stop the rest.</param>
    /// <exception cref="InvalidDataException">The change breaks the rules of this build.</exception>
    public static MediaItem ApplyDeferred(MediaItem item, bool withAlias = true)
    {
        if (item.Deferred is not { } deferred)
        {
            return item;
        }

        // Its references were valid once, but what they refer to is not locked now.
        return MediaFields.TryParse(DeferredUpdate.Parse(deferred) with { References = null }, out var change, out var fault)
            ? Apply(item with { Deferred = null }, withAlias ? change : change with { Alias = null })
            : throw new InvalidDataException($"The deferred change of item {item.Id} is not valid: {fault.Field} {fault.Reason}.");
    }

    // Keeps the old array when it is the same, so that records of equal content are equal.
    private static ImmutableArray<T> Newer<T>(ImmutableArray<T> current, ImmutableArray<T>? next) =>
        next is { } values && !values.SequenceEqual(current) ? values : current;

    private static ImmutableSortedDictionary<string, CustomValue> Merge(
        ImmutableSortedDictionary<string, CustomValue> current, ImmutableSortedDictionary<string, CustomValue?>? change)
    {
        foreach (var (name, value) in change ?? ImmutableSortedDictionary<string, CustomValue?>.Empty)
        {
            current = value is { } set ? current.SetItem(name, set) : current.Remove(name);
        }

        return current;
    }
}
