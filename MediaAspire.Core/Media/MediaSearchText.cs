using System.Globalization;

namespace MediaAspire.Core.Media;

/// <summary>The text of an item that a text match searches in: five fields, normalized, between separators.</summary>
public static class MediaSearchText
{
    /// <summary>The character between the fields. No field has it.</summary>
    public const char Separator = '\u001F';

    /// <summary>The most characters of a normalized name that the order by name compares.</summary>
    public const int NameKeyLength = 100;

    /// <summary>Joins name, description, website, owner and alias.</summary>
    public static string Of(MediaItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return string.Join(Separator, Fields(item));
    }

    /// <summary>Gets the five fields in their order; an empty text for one that the item does not have.</summary>
    public static IReadOnlyList<string> Fields(MediaItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return
        [
            MediaText.Normalize(item.Name), Normalize(item.Description), Normalize(item.Website), Normalize(item.Owner.Value),
            Normalize(item.Alias?.Value),
        ];
    }

    /// <summary>Gets the beginning of a normalized name that the order by name compares.</summary>
    public static string NameKey(string normalName)
    {
        ArgumentNullException.ThrowIfNull(normalName);
        var position = 0;
        for (var count = 0; count < NameKeyLength && position < normalName.Length; count++)
        {
            position += char.IsSurrogatePair(normalName, position) ? 2 : 1;
        }

        return normalName[..position];
    }

    private static string Normalize(string? text) =>
        text is null
            ? ""
            : MediaText.Normalize(text).Replace(Separator.ToString(CultureInfo.InvariantCulture), "", StringComparison.Ordinal);
}
