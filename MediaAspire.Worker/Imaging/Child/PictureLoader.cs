using MediaAspire.Core.Imaging;
using NetVips;

namespace MediaAspire.Worker.Imaging.Child;

/// <summary>Opens files by the loader of a format; libvips never chooses a loader by itself.</summary>
internal static class PictureLoader
{
    // Damaged data is an error, so that no half of a picture is taken for the whole. Warnings are not: cameras write strange files.
    private const Enums.FailOn FailOn = Enums.FailOn.Error;

    /// <summary>The classes of libvips that are left unblocked.</summary>
    public static IEnumerable<(ImageFormat Format, string LoaderClass, string Loader, string? Saver)> Operations { get; } =
    [
        (ImageFormat.Jpeg, "VipsForeignLoadJpeg", "jpegload", "jpegsave"),
        (ImageFormat.Png, "VipsForeignLoadPng", "pngload", "pngsave"),
        (ImageFormat.Webp, "VipsForeignLoadWebp", "webpload", "webpsave"),
        (ImageFormat.Gif, "VipsForeignLoadNsgif", "gifload", "gifsave"),
        (ImageFormat.Avif, "VipsForeignLoadHeif", "heifload", "heifsave"),
        (ImageFormat.Heic, "VipsForeignLoadHeif", "heifload", null),
        (ImageFormat.Jxl, "VipsForeignLoadJxl", "jxlload", "jxlsave"),
        (ImageFormat.Tiff, "VipsForeignLoadTiff", "tiffload", null),
    ];

    /// <summary>Opens a file and reads its header.</summary>
    /// <param name="path">The path; nothing in it is an option.</param>
    /// <param name="format">The format.</param>
    /// <param name="frames">The number of frames to read; -1 for all.</param>
    /// <param name="shrink">Read at a fraction of the size: 1, 2, 4 or 8; for JPEG only.</param>
    /// <param name="access">The order in which the pixels will be read.</param>
    public static Image Open(
        string path, ImageFormat format, int frames = 1, int shrink = 1, Enums.Access access = Enums.Access.Sequential) => format switch
        {
            ImageFormat.Jpeg => Image.Jpegload(path, shrink: shrink, access: access, failOn: FailOn),
            ImageFormat.Png => Image.Pngload(path, access: access, failOn: FailOn),
            ImageFormat.Webp => Image.Webpload(path, n: frames, access: access, failOn: FailOn),
            ImageFormat.Gif => Image.Gifload(path, n: frames, access: access, failOn: FailOn),
            ImageFormat.Avif or ImageFormat.Heic => Image.Heifload(path, access: access, failOn: FailOn),
            ImageFormat.Jxl => Image.Jxlload(path, access: access, failOn: FailOn),
            ImageFormat.Tiff => Image.Tiffload(path, access: access, failOn: FailOn),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "libvips does not read this format."),
        };

    /// <summary>Determines whether the orientation in the EXIF block counts. Other formats have their own, which loaders apply.</summary>
    public static bool HasExifOrientation(ImageFormat format) =>
        format is ImageFormat.Jpeg or ImageFormat.Png or ImageFormat.Webp or ImageFormat.Tiff;
}
