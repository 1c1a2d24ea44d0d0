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
