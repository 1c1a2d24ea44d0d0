using MediaAspire.Core.Imaging;
using NetVips;

namespace MediaAspire.Worker.Imaging.Child;

/// <summary>Finds the lowest quality at which an encoded picture looks like the original.</summary>
internal static class AutomaticQuality
{
    private const int Lowest = 35;
    private const int Highest = 90;
    private const int MaxTries = 4;

    // Its encoder is slow.
    private const int MaxTriesOfAvif = 3;

    /// <summary>The structural similarity that counts as the same look.</summary>
    public const double Threshold = 0.97;

    /// <summary>Encodes a picture at the lowest quality that looks the same, found by halving.</summary>
    /// <param name="image">The pixels, which can be read several times.</param>
    /// <param name="format">A format that is lossy.</param>
    public static (byte[] Encoded, int Quality) Encode(Image image, ImageFormat format)
    {
        var original = Grey(image);
        var (low, high) = (Lowest, Highest);
        (byte[] Encoded, int Quality)? best = null;
        for (var tries = 0; tries < (format == ImageFormat.Avif ? MaxTriesOfAvif : MaxTries) && low <= high; tries++)
        {
            var quality = (low + high) / 2;
            var encoded = PictureEncoder.Encode(image, format, quality);
            using var decoded = PictureEncoder.Decode(encoded, format);
            if (StructuralSimilarity.Compute(original, Grey(decoded), image.Width, image.Height) >= Threshold)
            {
                best = (encoded, quality);
                high = quality - 1;
            }
            else
            {
                low = quality + 1;
            }
        }

        return best ?? (PictureEncoder.Encode(image, format, Highest), Highest);
    }

    private static byte[] Grey(Image image)
    {
        var opaque = PictureEditor.Fill(image, 0x808080);
        var grey = opaque.Bands == 1 ? opaque : opaque.Colourspace(Enums.Interpretation.Bw);
        return grey.ExtractBand(0).Cast(Enums.BandFormat.Uchar).WriteToMemory<byte>();
    }
}
