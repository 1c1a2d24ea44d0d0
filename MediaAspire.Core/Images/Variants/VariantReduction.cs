using MediaAspire.Core.Imaging;

namespace MediaAspire.Core.Images.Variants;

/// <summary>Leaves out of a request what does not change a given picture, so that it does not name another variant of it.</summary>
public static class VariantReduction
{
    /// <summary>Reduces a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="source">The picture.</param>
    public static ImageRequest Reduce(ImageRequest request, ImageDetails source)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(source);

        var steps = new List<ImageStep>(request.Steps.Count);
        var bounds = new Bounds(source.Width, source.Height);
        foreach (var step in request.Steps)
        {
            if (!IsWithoutEffect(step, bounds, source) && (step is not ImageStep.CropToRatio || steps.LastOrDefault() != step))
            {
                steps.Add(step);
                bounds = bounds.After(step);
            }
        }

        var isVideo = ImageFormats.IsVideo(source.Format);
        return request with
        {
            Steps = steps,
            TakesOneFrame = request.TakesOneFrame && source.Frames > 1,
            At = isVideo ? request.At : null,
        };
    }

    private static bool IsWithoutEffect(ImageStep step, Bounds bounds, ImageDetails source) => step switch
    {
        ImageStep.Thumbnail thumbnail => thumbnail.Size >= Math.Max(bounds.Width, bounds.Height),
        ImageStep.Resize { IsArea: false } resize => resize.Size >= Math.Max(bounds.Width, bounds.Height),
        ImageStep.Resize resize => (double)resize.Size * resize.Size >= bounds.Width * bounds.Height,
        ImageStep.ResizeTo { Mode: ResizeMode.Fit, MayEnlarge: false } fit =>
            (fit.Width ?? double.MaxValue) >= bounds.Width && (fit.Height ?? double.MaxValue) >= bounds.Height,
        ImageStep.CropTo cut => cut.Width >= bounds.Width && cut.Height >= bounds.Height,
        ImageStep.Flatten => !source.HasAlpha && !ImageFormats.IsVideo(source.Format),
        _ => false,
    };

    /// <summary>The most that the sides can be after some operations.</summary>
    private readonly record struct Bounds(double Width, double Height)
    {
        public Bounds After(ImageStep step) => step switch
        {
            ImageStep.Thumbnail thumbnail => Within(thumbnail.Size, thumbnail.Size),
            ImageStep.Resize { IsArea: false } resize => Within(resize.Size, resize.Size),
            ImageStep.CropTo cut => Within(cut.Width, cut.Height),
            ImageStep.ResizeTo { MayEnlarge: false, Mode: not ResizeMode.Force } box => Within(box.Width ?? Width, box.Height ?? Height),
            ImageStep.ResizeTo { Width: { } width, Height: { } height } => new(Math.Max(Width, width), Math.Max(Height, height)),

            // One side follows from a ratio that earlier operations may have changed.
            ImageStep.ResizeTo => new(double.PositiveInfinity, double.PositiveInfinity),
            ImageStep.Rotate { Degrees: 90 or 270 } => new(Height, Width),
            ImageStep.Pad pad => new(Width + pad.Left + pad.Right, Height + pad.Top + pad.Bottom),
            _ => this,
        };

        private Bounds Within(double width, double height) => new(Math.Min(Width, width), Math.Min(Height, height));
    }
}
