using System.Text.Json;
using MediaAspire.Core.Images;
using MediaAspire.Core.Imaging;

namespace MediaAspire.Core.Media.Processing;

/// <summary>The properties of a part that is a picture, an animation or a video, in the details of its item.</summary>
public static class PartProperties
{
    private const string Member = "properties";

    /// <summary>Finds the properties of a part.</summary>
    /// <param name="item">The item.</param>
    /// <param name="number">The number of the part.</param>
    /// <returns><see langword="null"/> for a part of another sort, and for an item that was not processed.</returns>
    public static ImageDetails? Find(MediaItem item, int number)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (item.Details is null)
        {
            return null;
        }

        using var details = JsonDocument.Parse(item.Details);
        if (!details.RootElement.TryGetProperty("parts", out var parts))
        {
            return null;
        }

        foreach (var part in parts.EnumerateArray())
        {
            if (part.GetProperty("number").GetInt32() == number)
            {
                return part.TryGetProperty(Member, out var properties) ? Read(properties) : null;
            }
        }

        return null;
    }

    /// <summary>Writes the findings of a part as members of its object.</summary>
    internal static void Write(Utf8JsonWriter json, ProbedPart part)
    {
        if (part.Failure is { } failure)
        {
            json.WriteStartObject("problem");
            json.WriteString("code", failure.Code);
            json.WriteString("message", failure.Message);
            json.WriteEndObject();
        }

        if (part.Details is not { } details)
        {
            return;
        }

        json.WriteStartObject(Member);
        json.WriteString("format", ImageDetailsFormat.NameOf(details.Format));
        json.WriteNumber("width", details.Width);
        json.WriteNumber("height", details.Height);
        json.WriteNumber("frames", details.Frames);
        if (details.Duration is { } duration)
        {
            json.WriteNumber("durationSeconds", duration.TotalSeconds);
        }

        json.WriteBoolean("hasAlpha", details.HasAlpha);
        json.WriteBoolean("hasAudio", details.HasAudio);
        WriteText("videoCodec", details.VideoCodec);
        WriteText("thumbHash", details.ThumbHash);
        WriteText("blurHash", details.BlurHash);
        WriteText("dominantColour", details.DominantColour);
        json.WriteEndObject();

        void WriteText(string name, string? value)
        {
            if (value is not null)
            {
                json.WriteString(name, value);
            }
        }
    }

    private static ImageDetails? Read(JsonElement properties)
    {
        if (ImageFormats.Parse(properties.GetProperty("format").GetString()!) is not { } format)
        {
            return null;
        }

        return new()
        {
            Format = format,
            Width = properties.GetProperty("width").GetInt32(),
            Height = properties.GetProperty("height").GetInt32(),
            Frames = properties.GetProperty("frames").GetInt32(),
            Duration = properties.TryGetProperty("durationSeconds", out var seconds) ? TimeSpan.FromSeconds(seconds.GetDouble()) : null,
            HasAlpha = properties.GetProperty("hasAlpha").GetBoolean(),
            HasAudio = properties.GetProperty("hasAudio").GetBoolean(),
            VideoCodec = Text("videoCodec"),
            ThumbHash = Text("thumbHash"),
            BlurHash = Text("blurHash"),
            DominantColour = Text("dominantColour"),
        };

        string? Text(string name) => properties.TryGetProperty(name, out var value) ? value.GetString() : null;
    }
}
