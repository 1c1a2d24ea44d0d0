using System.Text.Json;
using System.Text.Json.Serialization;
using MediaAspire.Core.Imaging;

namespace MediaAspire.Core.Images;

/// <summary>The form of details in the database.</summary>
public static class ImageDetailsFormat
{
    /// <summary>Writes details as JSON, for a column of the type <c>jsonb</c>.</summary>
    public static string Write(ImageDetails details) => JsonSerializer.Serialize(details, ImageDetailsJson.Default.ImageDetails);

    /// <summary>Gets the name of a format in the database.</summary>
    public static string NameOf(ImageFormat format) => JsonNamingPolicy.SnakeCaseLower.ConvertName(format.ToString());

    /// <summary>Reads details.</summary>
    /// <exception cref="JsonException">The text is not one that <see cref="Write"/> makes.</exception>
    public static ImageDetails Read(string json) =>
        JsonSerializer.Deserialize(json, ImageDetailsJson.Default.ImageDetails) ?? throw new JsonException("Details are null.");
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(ImageFormatConverter)])]
[JsonSerializable(typeof(ImageDetails))]
internal sealed partial class ImageDetailsJson : JsonSerializerContext;

/// <summary>Writes formats as their names in lower case.</summary>
internal sealed class ImageFormatConverter()
    : JsonStringEnumConverter<ImageFormat>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);
