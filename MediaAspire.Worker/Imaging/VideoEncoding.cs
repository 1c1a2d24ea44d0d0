using System.Globalization;
using MediaAspire.Core.Imaging;

namespace MediaAspire.Worker.Imaging;

/// <summary>The encoders and their settings, by the format to write.</summary>
internal static class VideoEncoding
{
    // The palette of a GIF is computed over all of its frames, which wait in memory meanwhile.
    private const long MaxPalettePixels = 32L * 1024 * 1024;

    /// <summary>Adds the filters that an encoder needs. Scaling has changed the ratio of the pixels, which becomes 1 again.</summary>
    /// <param name="filters">The filters so far.</param>
    /// <param name="format">The format to write.</param>
    /// <param name="hasAlpha">Whether the frames may be transparent.</param>
    /// <param name="pixels">The most pixels of all frames.</param>
    public static void AddFilters(VideoFilters filters, ImageFormat format, bool hasAlpha, long pixels)
    {
        switch (format)
        {
            case ImageFormat.Mp4 or ImageFormat.Webm:
                if (hasAlpha)
                {
                    filters.Flatten(0xFFFFFF);
                }

                // Every player reads 4:2:0 only, which has even sides.
                filters.Add($"scale=trunc((iw+1)/2)*2:trunc((ih+1)/2)*2:out_color_matrix=bt709,format=yuv420p,setsar=1");
                break;
            case ImageFormat.Gif:
                filters.Add($"setsar=1");
                var (palettes, use) = pixels <= MaxPalettePixels ? ("diff", 0) : ("single", 1);
                filters.Add($"split[a][b];[a]palettegen=stats_mode={palettes}[p];[b][p]paletteuse=new={use}:dither=bayer:bayer_scale=4");
                break;
            case ImageFormat.Webp:
                filters.Add(hasAlpha ? (FormattableString)$"format=yuva420p,setsar=1" : $"format=yuv420p,setsar=1");
                break;
            default:
                filters.Add(hasAlpha ? (FormattableString)$"format=rgba,setsar=1" : $"format=rgb24,setsar=1");
                break;
        }
    }

    /// <summary>Gets the arguments of an encoder and its container.</summary>
    /// <param name="format">The format to write.</param>
    /// <param name="quality">1 to 100; <see langword="null"/> for the default.</param>
    /// <param name="hasAudio">Whether the sound of the source is kept.</param>
    public static IEnumerable<string> ArgumentsOf(ImageFormat format, int? quality, bool hasAudio)
    {
        IEnumerable<string> arguments = format switch
        {
            // The index comes first, so that playing begins before the file is there.
            ImageFormat.Mp4 =>
            [
                "-c:v", "libx264", "-preset", "veryfast", "-crf", Text(48 - ((quality ?? 75) / 3.0)), "-colorspace", "bt709",
                "-color_primaries", "bt709", "-color_trc", "bt709", "-movflags", "+faststart", "-f", "mp4",
            ],
            ImageFormat.Webm =>
            [
                "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "6", "-b:v", "0",
                "-crf", Text(Math.Round(Math.Min(63, 73 - ((quality ?? 75) * 0.53)))), "-colorspace", "bt709", "-f", "webm",
            ],
            ImageFormat.Gif => ["-loop", "0", "-f", "gif"],
            ImageFormat.Webp => ["-c:v", "libwebp_anim", "-quality", Text(quality ?? 75), "-loop", "0", "-f", "webp"],
            ImageFormat.Apng => ["-c:v", "apng", "-plays", "0", "-f", "apng"],
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "ffmpeg does not write this format."),
        };
        return hasAudio
            ? [.. arguments, "-c:a", format == ImageFormat.Mp4 ? "aac" : "libopus", "-b:a", "128k", "-ac", "2"]
            : arguments;
    }

    private static string Text(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
