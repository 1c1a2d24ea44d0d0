using NetVips;

namespace MediaAspire.Worker.Imaging.Child;

/// <summary>Pixels in memory: red, green, blue and alpha, 8 bits each, row by row.</summary>
internal sealed record PixelGrid(int Width, int Height, byte[] Rgba)
{
    /// <summary>Copies the pixels of an image of sRGB or grey.</summary>
    public static PixelGrid Copy(Image image)
    {
        var colour = image.Bands < 3 ? image.Colourspace(Enums.Interpretation.Srgb) : image;
        var pixels = colour.HasAlpha() ? colour : colour.AddAlpha();
        return new PixelGrid(pixels.Width, pixels.Height, pixels.Cast(Enums.BandFormat.Uchar).WriteToMemory<byte>());
    }
}
