using MediaAspire.Core.Imaging;

namespace MediaAspire.Core.Images.Variants;

/// <summary>The size of a variant, computed before it is made and exact to rounding.</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
public readonly record struct VariantSize(double Width, double Height)
{
    /// <summary>The most pixels of a variant.</summary>
    public const double MaxArea = 40_000_000;

    /// <summary>The most work of a blur, in pixels times sigma. It takes a processor about four seconds.</summary>
    public const double MaxBlur = 240_000_000;

    /// <summary>Computes the largest size that operations come to which may enlarge a picture; zero without such operations.</summary>
    public static VariantSize LargestOf(ImageRequest request, ImageDetails source)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(source);

        var size = new VariantSize(source.Width, source.Height);
        var largest = new VariantSize(0, 0);
        foreach (var step in request.Steps)
        {
            size = size.After(step);
            largest = step is ImageStep.ResizeTo or ImageStep.Pad && size.Area > largest.Area ? size : largest;
        }

        return largest;
    }

    /// <summary>Finds the most work of a blur or a sharpening: its sigma times the pixels that it is applied to.</summary>
    public static double LargestBlurOf(ImageRequest request, ImageDetails source)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(source);

        var (size, largest) = (new VariantSize(source.Width, source.Height), 0.0);
        foreach (var step in request.Steps)
        {
            size = size.After(step);
            var sigma = step switch { ImageStep.Blur blur => blur.Sigma, ImageStep.Sharpen sharpen => sharpen.Sigma, _ => 0 };
            largest = Math.Max(largest, sigma * size.Area);
        }

        return largest;
    }

    /// <summary>Gets a value indicating whether no variant may be that large.</summary>
    public bool IsTooLarge => Area > MaxArea;

    private double Area => Width * Height;

    private VariantSize After(ImageStep step) => step switch
    {
        ImageStep.Thumbnail thumbnail => Scaled(Math.Min(1, thumbnail.Size / Math.Max(Width, Height))),
        ImageStep.Resize { IsArea: true } resize => Scaled(Math.Min(1, resize.Size / Math.Sqrt(Area))),
        ImageStep.Resize resize => Scaled(Math.Min(1, resize.Size / Math.Max(Width, Height))),
        ImageStep.CropToRatio crop => new(
            Math.Min(Width, Height * crop.Width / crop.Height), Math.Min(Height, Width * crop.Height / crop.Width)),
        ImageStep.CropTo cut => new(Math.Min(Width, cut.Width), Math.Min(Height, cut.Height)),
        ImageStep.ResizeTo box => After(box),
        ImageStep.Rotate { Degrees: 90 or 270 } => new(Height, Width),
        ImageStep.Pad pad => new(Width + pad.Left + pad.Right, Height + pad.Top + pad.Bottom),
        _ => this,
    };

    private VariantSize After(ImageStep.ResizeTo box)
    {
        var (wide, high) = (box.Width / Width, box.Height / Height);
        var scale = (wide, high) switch
        {
            ({ } first, { } second) when box.Mode == ResizeMode.Fill => Math.Max(first, second),
            ({ } first, { } second) => Math.Min(first, second),
            _ => wide ?? high ?? 1,
        };
        if (box is { Mode: ResizeMode.Force, Width: { } width, Height: { } height })
        {
            return box.MayEnlarge ? new(width, height) : new(Math.Min(width, Width), Math.Min(height, Height));
        }

        var scaled = Scaled(box.MayEnlarge ? scale : Math.Min(1, scale));
        return box.Mode == ResizeMode.Fill
            ? new(Math.Min(scaled.Width, box.Width ?? scaled.Width), Math.Min(scaled.Height, box.Height ?? scaled.Height)) : scaled;
    }

    private VariantSize Scaled(double scale) => new(Math.Max(1, Width * scale), Math.Max(1, Height * scale));
}
