using System.Globalization;
using System.Text.Json;

namespace MediaAspire.Worker.Imaging;

/// <summary>Reads the JSON of ffprobe. Any field may be missing, and any value may be nonsense: the file wrote them.</summary>
internal static class FfprobeOutput
{
    // Playing times above are not believed.
    private const double MaxSeconds = 100 * 365.25 * 24 * 3600;

    // Of pixels that are wider or higher than this no camera takes pictures; a larger ratio is not believed.
    private const double MaxPixelRatio = 4;

    private static readonly string[] s_alphaFormats = ["yuva", "rgba", "bgra", "argb", "abgr", "gbrap", "ya8", "ya16", "pal8"];

    /// <summary>Parses the output.</summary>
    /// <returns><see langword="null"/> when it has no stream of pictures with a size.</returns>
    public static VideoStreams? Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(document.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Parses the number of packets of the only stream.</summary>
    public static int? ParsePackets(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Items(document.RootElement, "streams").Select(stream => Count(stream, "nb_read_packets")).FirstOrDefault();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static VideoStreams? Read(JsonElement root)
    {
        var streams = Items(root, "streams").ToList();
        foreach (var stream in streams)
        {
            // The cover of an album is a stream of its own.
            if (Text(stream, "codec_type") == "video" && Count(Member(stream, "disposition"), "attached_pic") is not > 0
                && Count(stream, "width") is { } width and > 0 && Count(stream, "height") is { } height and > 0
                && Count(stream, "index") is { } index)
            {
                return Describe(root, stream, width, height) with
                {
                    Index = index,
                    HasAudio = streams.Exists(other => Text(other, "codec_type") == "audio"),
                };
            }
        }

        return null;
    }

    private static VideoStreams Describe(JsonElement root, JsonElement stream, int width, int height)
    {
        var ratio = Ratio(Text(stream, "sample_aspect_ratio"), ':') is { } found and >= 1 / MaxPixelRatio and <= MaxPixelRatio ? found : 1;
        var shown = ratio >= 1
            ? (Width: (int)Math.Min(Math.Round(width * ratio), int.MaxValue), Height: height)
            : (Width: width, Height: (int)Math.Min(Math.Round(height / ratio), int.MaxValue));
        var isTurned = Items(stream, "side_data_list").Select(side => Number(side, "rotation")).FirstOrDefault(turn => turn is not null)
            is { } rotation && Math.Abs(Math.Abs(rotation % 180) - 90) < 1;
        var format = Text(stream, "pix_fmt");
        var packets = Items(root, "packets").ToList();
        var frames = packets.Count > 0 ? packets.Count : Count(stream, "nb_frames");
        var duration = packets.Count > 0
            ? Seconds(packets.Sum(packet => Number(packet, "duration_time") ?? 0))
            : Seconds(Number(stream, "duration")) ?? Clock(Text(Member(stream, "tags"), "DURATION"))
                ?? Seconds(Number(Member(root, "format"), "duration"));
        return new()
        {
            Width = isTurned ? shown.Height : shown.Width,
            Height = isTurned ? shown.Width : shown.Height,
            Index = 0,
            Frames = frames is > 0 ? frames : null,
            Duration = duration ?? FromRate(frames, Ratio(Text(stream, "avg_frame_rate"), '/')),
            Codec = Text(stream, "codec_name"),
            HasAlpha = format is not null && s_alphaFormats.Any(alpha => format.StartsWith(alpha, StringComparison.Ordinal)),
            HasColourMatrix = Text(stream, "color_space") is { } matrix && matrix is not ("unknown" or "reserved"),
        };
    }

    private static TimeSpan? FromRate(int? frames, double? rate) =>
        frames is { } count && rate is { } known ? Seconds(count / known) : null;

    private static JsonElement? Member(JsonElement? parent, string name) =>
        parent is { ValueKind: JsonValueKind.Object } known && known.TryGetProperty(name, out var value) ? value : null;

    private static JsonElement.ArrayEnumerator Items(JsonElement parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.Array } items ? items.EnumerateArray() : default;

    private static string? Text(JsonElement? parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    // ffprobe writes some numbers as strings.
    private static double? Number(JsonElement? parent, string name)
    {
        var value = Member(parent, name) switch
        {
            { ValueKind: JsonValueKind.Number } number when number.TryGetDouble(out var known) => known,
            { ValueKind: JsonValueKind.String } text
                when double.TryParse(text.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var known) => known,
            _ => double.NaN,
        };
        return double.IsFinite(value) ? value : null;
    }

    private static int? Count(JsonElement? parent, string name) =>
        Number(parent, name) is { } value and >= 0 and <= int.MaxValue ? (int)value : null;

    private static double? Ratio(string? text, char separator)
    {
        var parts = text?.Split(separator) ?? [];
        return parts is [var above, var below]
            && double.TryParse(above, NumberStyles.Float, CultureInfo.InvariantCulture, out var dividend)
            && double.TryParse(below, NumberStyles.Float, CultureInfo.InvariantCulture, out var divisor)
            && dividend / divisor is var ratio and > 0 && double.IsFinite(ratio)
            ? ratio
            : null;
    }

    private static TimeSpan? Seconds(double? value) =>
        value is > 0 and <= MaxSeconds ? TimeSpan.FromMicroseconds(Math.Round(value.Value * 1e6)) : null;

    // Matroska: 00:00:02.000000000
    private static TimeSpan? Clock(string? text) =>
        text?.Split(':') is [var hours, var minutes, var seconds]
        && double.TryParse(hours, NumberStyles.Float, CultureInfo.InvariantCulture, out var h)
        && double.TryParse(minutes, NumberStyles.Float, CultureInfo.InvariantCulture, out var m)
        && double.TryParse(seconds, NumberStyles.Float, CultureInfo.InvariantCulture, out var s)
            ? Seconds(h * 3600 + m * 60 + s)
            : null;
}
