using MediaAspire.Core.Imaging;

namespace MediaAspire.Core.Images.Variants;

/// <summary>The choice of a variant's format.</summary>
public static class VariantFormats
{
    /// <summary>Chooses the smallest format that the sender asks for, or otherwise one that every browser shows.</summary>
    public static ImageFormat Best(ImageDetails source, Func<ImageFormat, bool> accepts)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(accepts);

        if (IsAnimation(source))
        {
            return accepts(ImageFormat.Webp) ? ImageFormat.Webp : ImageFormat.Gif;
        }

        return accepts(ImageFormat.Avif) ? ImageFormat.Avif : accepts(ImageFormat.Webp) ? ImageFormat.Webp : Plain(source);
    }

    /// <summary>Chooses the format of a variant for which none was named: that of the source, or one that every browser shows.</summary>
    public static ImageFormat Default(ImageDetails source)
    {
        ArgumentNullException.ThrowIfNull(source);

        return ImageFormats.IsWritten(source.Format) && !ImageFormats.IsVideo(source.Format) ? source.Format : Plain(source);
    }

    private static ImageFormat Plain(ImageDetails source) => source.HasAlpha ? ImageFormat.Png : ImageFormat.Jpeg;

    private static bool IsAnimation(ImageDetails source) => source.Frames > 1 && !ImageFormats.IsVideo(source.Format);
}
