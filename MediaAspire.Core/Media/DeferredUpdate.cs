using System.Text.Json;
using System.Text.Json.Serialization;

namespace MediaAspire.Core.Media;

/// <summary>The stored form of a change that is applied after processing, see <see cref="MediaItem.Deferred"/>.</summary>
public static class DeferredUpdate
{
    public static string Format(MediaFieldInput update) => JsonSerializer.Serialize(update, DeferredUpdateJson.Default.MediaFieldInput);

    /// <exception cref="JsonException">The text is not of this form.</exception>
    public static MediaFieldInput Parse(string text) =>
        JsonSerializer.Deserialize(text, DeferredUpdateJson.Default.MediaFieldInput) ?? throw new JsonException("The update is null.");
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(MediaFieldInput))]
internal sealed partial class DeferredUpdateJson : JsonSerializerContext;
