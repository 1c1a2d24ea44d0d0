using MediaAspire.Core.Imaging;

namespace MediaAspire.Core.Images.Variants;

/// <summary>A request for a variant, before the picture and the sender's formats are known.</summary>
/// <param name="Request">The operations and settings.</param>
/// <param name="Format">The format that was named; <see langword="null"/> where none was.</param>
public sealed record VariantWish(ImageRequest Request, ImageFormat? Format)
{
    /// <summary>Gets a value indicating whether the format is the best one that the sender accepts.</summary>
    public bool HasAutomaticFormat { get; init; }

    /// <summary>Gets a value indicating whether the operations and settings are those of presets only.</summary>
    public bool IsOfPresets { get; init; }

    /// <summary>Gets the qualities by format, which count where the request has none.</summary>
    public IReadOnlyDictionary<ImageFormat, int> FormatQualities { get; init; } = new Dictionary<ImageFormat, int>();

    /// <summary>Completes the request for a picture, and leaves out what has no effect on it.</summary>
    /// <param name="source">The picture.</param>
    /// <param name="accepts">Determines whether the sender asks for a format.</param>
    public ImageRequest For(ImageDetails source, Func<ImageFormat, bool> accepts)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(accepts);

        var format = HasAutomaticFormat ? VariantFormats.Best(source, accepts) : Format ?? VariantFormats.Default(source);
        var quality = Request.Quality is null && !Request.HasAutomaticQuality && FormatQualities.TryGetValue(format, out var own)
            ? own : Request.Quality;

        // A moving preview of a video costs a hundred times as much as a picture of it, so only a request that names its format gets one.
        var isStill = Request.TakesOneFrame || (ImageFormats.IsVideo(source.Format) && (HasAutomaticFormat || Format is null));
        return VariantReduction.Reduce(Request with { Format = format, Quality = quality, TakesOneFrame = isStill }, source);
    }
}
