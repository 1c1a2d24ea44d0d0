using MediaAspire.Core.Imaging;

namespace MediaAspire.Worker.Imaging.Child;

/// <summary>Steps whose numbers follow from the dimensions of the picture. Steps that change nothing are left out.</summary>
/// <param name="Operations">The operations, in order.</param>
/// <param name="Width">The width after them, in pixels.</param>
/// <param name="Height">The height after them, in pixels.</param>
/// <param name="Sizes">The sizes on the way, in pixels; the last one is that of the result.</param>
internal sealed record PixelPlan(
    IReadOnlyList<PixelOperation> Operations, int Width, int Height, IReadOnlyList<(int Width, int Height)> Sizes)
{
    /// <summary>Makes a plan.</summary>
    /// <param name="width">The width as shown, in pixels.</param>
    /// <param name="height">The height as shown, in pixels.</param>
    /// <param name="steps">The steps.</param>
    public static PixelPlan Make(int width, int height, IEnumerable<ImageStep> steps)
    {
        var planner = new Planner(width, height);
        foreach (var step in steps)
        {
            planner.Add(step);
        }

        return planner.Plan;
    }

    private sealed class Planner(int width, int height)
    {
        private readonly List<PixelOperation> _operations = [];
        private readonly List<(int Width, int Height)> _sizes = [(width, height)];
        private int _width = width;
        private int _height = height;

        public PixelPlan Plan => new(_operations, _width, _height, _sizes);

        public void Add(ImageStep step)
        {
            switch (step)
            {
                case ImageStep.Thumbnail thumbnail:
                    ScaleBy(Math.Min(1, FitScale(thumbnail.Size, thumbnail.Size)), ResizeFilter.Nearest);
                    break;
                case ImageStep.Resize resize:
                    var scale = resize.IsArea
                        ? resize.Size / Math.Sqrt((double)_width * _height)
                        : FitScale(resize.Size, resize.Size);
                    ScaleBy(Math.Min(1, scale), resize.Filter);
                    break;
                case ImageStep.CropToRatio ratio:
                    var byWidth = (long)_width * ratio.Height <= (long)_height * ratio.Width;
                    Crop(
                        byWidth ? _width : Round((double)_height * ratio.Width / ratio.Height),
                        byWidth ? Round((double)_width * ratio.Height / ratio.Width) : _height,
                        FocusPoint.Centre);
                    break;
                case ImageStep.ResizeTo resizeTo:
                    ResizeTo(resizeTo);
                    break;
                case ImageStep.CropTo crop:
                    Crop(crop.Width, crop.Height, crop.Focus);
                    break;
                case ImageStep.Blur blur:
                    _operations.Add(new PixelOperation.Blur(blur.Sigma));
                    break;
                case ImageStep.Sharpen sharpen:
                    _operations.Add(new PixelOperation.Sharpen(sharpen.Sigma));
                    break;
                case ImageStep.Rotate rotate:
                    _operations.Add(new PixelOperation.Turn(rotate.Degrees));
                    if (rotate.Degrees is 90 or 270)
                    {
                        SetSize(_height, _width);
                    }

                    break;
                case ImageStep.Flip { IsHorizontal: false, IsVertical: false }:
                    break;
                case ImageStep.Flip flip:
                    _operations.Add(new PixelOperation.Mirror(flip.IsHorizontal, flip.IsVertical));
                    break;
                case ImageStep.Pad pad:
                    _operations.Add(new PixelOperation.Border(pad.Top, pad.Right, pad.Bottom, pad.Left));
                    SetSize(Clamp((double)_width + pad.Left + pad.Right), Clamp((double)_height + pad.Top + pad.Bottom));
                    break;
                case ImageStep.Flatten flatten:
                    _operations.Add(new PixelOperation.Fill(flatten.Rgb));
                    break;
                default:
                    throw new ArgumentException($"The step {step.GetType().Name} is unknown.", nameof(step));
            }
        }

        private void ResizeTo(ImageStep.ResizeTo step)
        {
            if (step.Width is null && step.Height is null)
            {
                return;
            }

            var largest = step.MayEnlarge ? double.MaxValue : 1;
            if (step.Mode == ResizeMode.Force && step is { Width: { } forcedWidth, Height: { } forcedHeight })
            {
                Scale(
                    step.MayEnlarge ? forcedWidth : Math.Min(forcedWidth, _width),
                    step.MayEnlarge ? forcedHeight : Math.Min(forcedHeight, _height),
                    ResizeFilter.Lanczos3);
            }
            else if (step.Mode == ResizeMode.Fill && step is { Width: { } boxWidth, Height: { } boxHeight })
            {
                var scale = Math.Min(largest, Math.Max((double)boxWidth / _width, (double)boxHeight / _height));
                ScaleBy(scale, ResizeFilter.Lanczos3);
                Crop(boxWidth, boxHeight, step.Focus);
            }
            else
            {
                ScaleBy(Math.Min(largest, FitScale(step.Width, step.Height)), ResizeFilter.Lanczos3);
            }
        }

        private double FitScale(int? boxWidth, int? boxHeight) => Math.Min(
            boxWidth is { } width ? (double)width / _width : double.MaxValue,
            boxHeight is { } height ? (double)height / _height : double.MaxValue);

        private void ScaleBy(double scale, ResizeFilter filter) => Scale(Round(_width * scale), Round(_height * scale), filter);

        private void Scale(int width, int height, ResizeFilter filter)
        {
            if (width == _width && height == _height)
            {
                return;
            }

            _operations.Add(new PixelOperation.Scale(width, height, filter));
            SetSize(width, height);
        }

        private void Crop(int width, int height, FocusPoint focus)
        {
            width = Math.Min(width, _width);
            height = Math.Min(height, _height);
            if (width == _width && height == _height)
            {
                return;
            }

            _operations.Add(focus.IsSmart
                ? new PixelOperation.SmartCrop(width, height)
                : new PixelOperation.Crop(Offset(_width, width, focus.X), Offset(_height, height, focus.Y), width, height));
            SetSize(width, height);
        }

        private void SetSize(int width, int height)
        {
            _width = width;
            _height = height;
            _sizes.Add((width, height));
        }

        // The focus is in the middle of what is kept, as far as the sides allow.
        private static int Offset(int whole, int part, double focus) =>
            Math.Clamp((int)Math.Floor((focus * whole) - (part / 2.0)), 0, whole - part);

        // No side becomes 0.
        private static int Round(double pixels) => Math.Max(1, Clamp(Math.Round(pixels, MidpointRounding.AwayFromZero)));

        // Too large for any limit anyway.
        private static int Clamp(double pixels) => (int)Math.Min(pixels, int.MaxValue);
    }
}
