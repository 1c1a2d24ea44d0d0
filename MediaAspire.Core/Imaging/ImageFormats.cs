using System.Collections.Immutable;

namespace MediaAspire.Core.Imaging;

/// <summary>The names of formats: extensions and media types.</summary>
public static class ImageFormats
{
    private static readonly ImmutableArray<(ImageFormat Format, string Extension, string MediaType, bool IsWritten)> s_all =
    [
        (ImageFormat.Apng, "apng", "image/apng", true),
        (ImageFormat.Avif, "avif", "image/avif", true),
        (ImageFormat.Gif, "gif", "image/gif", true),
        (ImageFormat.Heic, "heic", "image/heic", false),
        (ImageFormat.Jpeg, "jpg", "image/jpeg", true),
        (ImageFormat.Jxl, "jxl", "image/jxl", true),
        (ImageFormat.Png, "png", "image/png", true),
        (ImageFormat.Tiff, "tiff", "image/tiff", false),
        (ImageFormat.Webp, "webp", "image/webp", true),
        (ImageFormat.Mp4, "mp4", "video/mp4", true),
        (ImageFormat.Webm, "webm", "video/webm", true),
        (ImageFormat.Mov, "mov", "video/quicktime", false),
    ];

    /// <summary>Gets the extension of a format, without a dot.</summary>
    public static string ExtensionOf(ImageFormat format) => s_all.First(known => known.Format == format).Extension;

    public static string MediaTypeOf(ImageFormat format) => s_all.First(known => known.Format == format).MediaType;

    /// <summary>Determines whether the platform writes a format.</summary>
    public static bool IsWritten(ImageFormat format) => s_all.First(known => known.Format == format).IsWritten;

    /// <summary>Determines whether a format is one of videos.</summary>
    public static bool IsVideo(ImageFormat format) => format is ImageFormat.Mp4 or ImageFormat.Webm or ImageFormat.Mov;

    /// <summary>Finds a format by its extension in lower case, without a dot; <c>jpeg</c> is another name of <c>jpg</c>.</summary>
    public static ImageFormat? Parse(string extension)
    {
        var wanted = extension == "jpeg" ? "jpg" : extension;
        foreach (var (format, known, _, _) in s_all)
        {
            if (known == wanted)
            {
                return format;
            }
        }

        return null;
    }
}
