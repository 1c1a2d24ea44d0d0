using NetVips;

namespace MediaAspire.Worker.Imaging.Child;

/// <summary>Converts pixels to 8 bits of sRGB, or of grey, each with or without alpha.</summary>
/// <remarks>
/// A conversion by profiles costs more than scaling. So pixels keep their profile until they are fewer: first <see cref="Prepare"/>, then
/// the first scaling, then <see cref="Finish"/>.
/// </remarks>
internal static class Colours
{
    private const string ProfileField = "icc-profile-data";

    /// <summary>Converts what cannot be scaled as it is: floats, 16 bits, spaces other than RGB, grey and CMYK.</summary>
    public static Image Prepare(Image image)
    {
        var hasProfile = image.Contains(ProfileField);
        if (image.Interpretation == Enums.Interpretation.Cmyk)
        {
            return image.Format == Enums.BandFormat.Uchar && hasProfile ? image : ToSrgb(WithoutProfile(image));
        }

        var isDevice = image.Interpretation is Enums.Interpretation.Srgb or Enums.Interpretation.Rgb or Enums.Interpretation.Rgb16
            or Enums.Interpretation.Bw or Enums.Interpretation.Grey16;
        var prepared = isDevice && image.Format == Enums.BandFormat.Uchar ? image : ToSrgb(image);
        return hasProfile && !isDevice ? WithoutProfile(prepared) : prepared;
    }

    /// <summary>Converts by the profile in the file.</summary>
    public static Image Finish(Image image)
    {
        if (!image.Contains(ProfileField))
        {
            return image.Interpretation is Enums.Interpretation.Srgb or Enums.Interpretation.Bw ? image : ToSrgb(image);
        }

        try
        {
            return image.IccTransform("srgb", embedded: true, intent: Enums.Intent.Perceptual, depth: 8);
        }
        catch (VipsException)
        {
            // The profile is damaged, or one of another kind of pixels. Browsers show such pictures without it.
            return ToSrgb(WithoutProfile(image));
        }
    }

    /// <summary>Converts to sRGB with three channels, or to grey with one, and alpha where there is one.</summary>
    public static Image ToSrgb(Image image)
    {
        var isGrey = image.Bands < 3;
        var converted = image.Colourspace(isGrey ? Enums.Interpretation.Bw : Enums.Interpretation.Srgb);
        converted = converted.Format == Enums.BandFormat.Uchar ? converted : converted.Cast(Enums.BandFormat.Uchar);
        // Channels beyond alpha exist in TIFF.
        return converted.Bands > (isGrey ? 2 : 4) ? converted.ExtractBand(0, n: isGrey ? 1 : 3) : converted;
    }

    private static Image WithoutProfile(Image image) =>
        image.Contains(ProfileField) ? image.Mutate(mutable => mutable.Remove(ProfileField)) : image;
}
