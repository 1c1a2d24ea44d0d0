using MediaAspire.Core.Imaging;
using NetVips;

namespace MediaAspire.Worker.Imaging.Child;

/// <summary>Encodes pixels without metadata.</summary>
internal static class PictureEncoder
{
    private const int White = 0xFFFFFF;
    private const Enums.ForeignKeep Keep = Enums.ForeignKeep.None;

    // Those of the pixels themselves cannot be removed.
    private static readonly string[] s_kept = ["page-height", "n-pages", "delay", "loop"];

    /// <summary>The longest side that a format can have, in pixels.</summary>
    public static int LongestSide(ImageFormat format) => format switch
    {
        ImageFormat.Webp => 16_383,
        ImageFormat.Avif => 16_384,
        ImageFormat.Jpeg => 65_500,
        ImageFormat.Gif => 65_535,
        _ => int.MaxValue,
    };

    /// <summary>Determines whether a format loses detail by a quality.</summary>
    public static bool IsLossy(ImageFormat format) => format is ImageFormat.Jpeg or ImageFormat.Webp or ImageFormat.Avif or ImageFormat.Jxl;

    /// <summary>Makes pixels such that a format can hold them, without metadata. Formats without alpha get a white ground.</summary>
    public static Image Fit(Image image, ImageFormat format) =>
        WithoutMetadata(format == ImageFormat.Jpeg ? PictureEditor.Fill(image, White) : image);

    /// <summary>Writes a file.</summary>
    /// <param name="image">The pixels.</param>
    /// <param name="path">The file to write.</param>
    /// <param name="format">Its format.</param>
    /// <param name="wanted">The quality, 1 to 100; <see langword="null"/> for the default of the format.</param>
    public static void Write(Image image, string path, ImageFormat format, int? wanted)
    {
        var quality = wanted ?? DefaultQuality(format);
        switch (format)
        {
            case ImageFormat.Jpeg:
                image.Jpegsave(path, q: quality, optimizeCoding: true, keep: Keep);
                break;
            case ImageFormat.Webp:
                image.Webpsave(path, q: quality, effort: 4, keep: Keep);
                break;
            case ImageFormat.Avif:
                image.Heifsave(path, q: quality, compression: Enums.ForeignHeifCompression.Av1, effort: 4, keep: Keep);
                break;
            case ImageFormat.Jxl:
                image.Jxlsave(path, q: quality, effort: 5, keep: Keep);
                break;
            case ImageFormat.Gif:
                image.Gifsave(path, keep: Keep);
                break;
            case ImageFormat.Png:
                image.Pngsave(path, compression: 6, keep: Keep);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(format), format, "libvips does not write this format.");
        }
    }

    /// <summary>Encodes into memory a format that is lossy.</summary>
    public static byte[] Encode(Image image, ImageFormat format, int quality) => format switch
    {
        ImageFormat.Jpeg => image.JpegsaveBuffer(q: quality, optimizeCoding: true, keep: Keep),
        ImageFormat.Webp => image.WebpsaveBuffer(q: quality, effort: 4, keep: Keep),
        ImageFormat.Avif => image.HeifsaveBuffer(
            q: quality, compression: Enums.ForeignHeifCompression.Av1, effort: 4, keep: Keep),
        ImageFormat.Jxl => image.JxlsaveBuffer(q: quality, effort: 5, keep: Keep),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "The format has no quality."),
    };

    /// <summary>Decodes what <see cref="Encode"/> made.</summary>
    public static Image Decode(byte[] encoded, ImageFormat format) => format switch
    {
        ImageFormat.Jpeg => Image.JpegloadBuffer(encoded),
        ImageFormat.Webp => Image.WebploadBuffer(encoded),
        ImageFormat.Avif => Image.HeifloadBuffer(encoded),
        ImageFormat.Jxl => Image.JxlloadBuffer(encoded),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "The format has no quality."),
    };

    // The scales of formats differ.
    private static int DefaultQuality(ImageFormat format) => format switch
    {
        ImageFormat.Avif => 50,
        ImageFormat.Jxl => 75,
        _ => 80,
    };

    // Some versions keep XMP in WebP although they are told to keep nothing.
    private static Image WithoutMetadata(Image image) => image.Mutate(mutable =>
    {
        foreach (var field in image.GetFields().Where(field => !s_kept.Contains(field)))
        {
            mutable.Remove(field);
        }
    });
}
