using System.Collections.Frozen;
using System.Text.Json;

namespace MediaAspire.Api.Media;

/// <summary>Chooses fields of an answer about an item.</summary>
internal static class MediaData
{
    /// <summary>Gets the names of the fields.</summary>
    public static IReadOnlySet<string> Fields { get; } =
        MediaJson.Default.MediaResponse.Properties.Select(property => property.Name).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Takes the id and the wanted fields; those that the item does not have are left out.</summary>
    public static IReadOnlyDictionary<string, JsonElement> Select(MediaResponse item, IReadOnlyCollection<string> wanted)
    {
        var all = JsonSerializer.SerializeToElement(item, MediaJson.Default.MediaResponse);
        return all.EnumerateObject().Where(field => field.NameEquals("id") || wanted.Contains(field.Name))
            .ToDictionary(field => field.Name, field => field.Value);
    }
}
