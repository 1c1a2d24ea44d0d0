using System.Text.Json;
using System.Text.Json.Serialization;

namespace MediaAspire.Core.Media.Processing;

/// <summary>A change that was given with an upload and is applied after processing, as JSON in the item.</summary>
public static partial class DeferredChange
{
    /// <summary>Makes the JSON of checked fields.</summary>
    public static string Format(MediaFieldInput input) => JsonSerializer.Serialize(input, Json.Default.MediaFieldInput);

    /// <summary>Reads a change.</summary>
    /// <returns>
    /// The change without references, which would have to be checked against their items of that time; <see langword="null"/> for a JSON
    /// that another build has written and that does not fit the rules of this one.
    /// </returns>
    public static MediaChange? Parse(string json) =>
        JsonSerializer.Deserialize(json, Json.Default.MediaFieldInput) is { } input && MediaFields.TryParse(input, out var change, out _)
            ? change with { References = null }
            : null;

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(MediaFieldInput))]
    private sealed partial class Json : JsonSerializerContext;
}
