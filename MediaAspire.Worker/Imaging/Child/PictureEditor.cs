using MediaAspire.Core.Imaging;
using NetVips;

namespace MediaAspire.Worker.Imaging.Child;

/// <summary>Applies a plan to one picture, or to one frame.</summary>
internal sealed class PictureEditor(PixelPlan plan, PictureHeader header)
{
    // A frame of an animation is cut where the first one was.
    private readonly Dictionary<PixelOperation, (int Left, int Top)> _smartCrops = new(ReferenceEqualityComparer.Instance);

    /// <summary>Gets a value indicating whether the plan needs pixels in another order than that of the file.</summary>
    public bool NeedsRandomAccess => header.IsOriented || plan.Operations.Any(operation =>
        operation is PixelOperation.Turn or PixelOperation.SmartCrop or PixelOperation.Mirror { IsVertical: true });

    /// <summary>Finds how much smaller a file may be read, so that scaling gives the same picture.</summary>
    /// <param name="format">The format of the file.</param>
    /// <returns>A number from 1.</returns>
    public int FindShrinkOnLoad(ImageFormat format)
    {
        if (plan.Operations.Count == 0
            || plan.Operations[0] is not PixelOperation.Scale { Filter: not ResizeFilter.Nearest } scale)
        {
            return 1;
        }

        var shrink = Math.Min((double)header.ShownWidth / scale.Width, (double)header.ShownHeight / scale.Height);
        return format switch
        {
            // The decoder takes means of blocks; at least a factor of two is left to the filter, as in vips_thumbnail().
            ImageFormat.Jpeg => shrink switch { >= 16 => 8, >= 8 => 4, >= 4 => 2, _ => 1 },
            _ => 1,
        };
    }

    /// <summary>Applies the plan.</summary>
    /// <param name="image">The pixels, possibly read at a smaller size.</param>
    /// <param name="isSequential">Whether the pixels can be read once only, from top to bottom.</param>
    public Image Edit(Image image, bool isSequential)
    {
        var state = new State(Colours.Prepare(image), isSequential);
        var operations = plan.Operations.AsEnumerable();

        // Scaling and turning can be exchanged, and there are fewer pixels to turn after it.
        if (plan.Operations is [PixelOperation.Scale first, ..])
        {
            var (width, height) = header.IsTurned ? (first.Height, first.Width) : (first.Width, first.Height);
            state.Image = Scale(state.Image, width, height, first.Filter);
            operations = operations.Skip(1);
        }

        state.Image = Colours.Finish(state.Image);
        if (header.IsOriented)
        {
            state.Buffer();
            state.Image = state.Image.Autorot();
        }

        foreach (var operation in operations)
        {
            Apply(state, operation);
        }

        return state.Image;
    }

    private void Apply(State state, PixelOperation operation)
    {
        var image = state.Image;
        switch (operation)
        {
            case PixelOperation.Scale scale:
                state.Image = Scale(image, scale.Width, scale.Height, scale.Filter);
                break;
            case PixelOperation.Crop crop:
                state.Image = image.Crop(crop.Left, crop.Top, crop.Width, crop.Height);
                break;
            case PixelOperation.SmartCrop crop:
                state.Buffer();
                if (!_smartCrops.TryGetValue(crop, out var place))
                {
                    // Offsets of an area are those of its origin, seen from it.
                    var found = state.Image.Smartcrop(crop.Width, crop.Height, Enums.Interesting.Attention);
                    place = (-found.Xoffset, -found.Yoffset);
                    _smartCrops.Add(crop, place);
                }

                state.Image = state.Image.Crop(place.Left, place.Top, crop.Width, crop.Height);
                break;
            case PixelOperation.Blur blur:
                state.Image = WithPremultipliedAlpha(image, pixels => pixels.Gaussblur(blur.Sigma));
                break;
            case PixelOperation.Sharpen sharpen:
                state.Image = Colours.ToSrgb(image.Sharpen(sigma: sharpen.Sigma));
                break;
            case PixelOperation.Turn turn:
                state.Buffer();
                state.Image = state.Image.Rot(turn.Degrees switch
                {
                    90 => Enums.Angle.D90,
                    180 => Enums.Angle.D180,
                    270 => Enums.Angle.D270,
                    _ => throw new ArgumentOutOfRangeException(nameof(operation), turn.Degrees, "Expected 90, 180 or 270."),
                });
                break;
            case PixelOperation.Mirror mirror:
                if (mirror.IsVertical)
                {
                    state.Buffer();
                    state.Image = state.Image.Flip(Enums.Direction.Vertical);
                }

                state.Image = mirror.IsHorizontal ? state.Image.Flip(Enums.Direction.Horizontal) : state.Image;
                break;
            case PixelOperation.Border border:
                image = image.HasAlpha() ? image : image.AddAlpha();
                state.Image = image.Embed(
                    border.Left, border.Top, image.Width + border.Left + border.Right, image.Height + border.Top + border.Bottom,
                    Enums.Extend.Black);
                break;
            case PixelOperation.Fill fill:
                state.Image = Fill(image, fill.Rgb);
                break;
            default:
                throw new ArgumentException($"The operation {operation.GetType().Name} is unknown.", nameof(operation));
        }
    }

    /// <summary>Removes transparency.</summary>
    public static Image Fill(Image image, int rgb)
    {
        if (!image.HasAlpha())
        {
            return image;
        }

        double[] colour = [(rgb >> 16) & 0xFF, (rgb >> 8) & 0xFF, rgb & 0xFF];
        if (image.Bands > 2)
        {
            return image.Flatten(background: colour);
        }

        return colour[0].Equals(colour[1]) && colour[1].Equals(colour[2])
            ? image.Flatten(background: [colour[0]])
            : image.Colourspace(Enums.Interpretation.Srgb).Flatten(background: colour);
    }

    private static Image Scale(Image image, int width, int height, ResizeFilter filter)
    {
        if (image.Width == width && image.Height == height)
        {
            return image;
        }

        var kernel = filter switch
        {
            ResizeFilter.Nearest => Enums.Kernel.Nearest,
            ResizeFilter.Triangle => Enums.Kernel.Linear,
            // Robidoux is a Mitchell filter with parameters that differ by 0.045; libvips has only the one.
            ResizeFilter.Mitchell or ResizeFilter.Robidoux => Enums.Kernel.Mitchell,
            ResizeFilter.Lanczos2 => Enums.Kernel.Lanczos2,
            _ => Enums.Kernel.Lanczos3,
        };
        Image Resize(Image pixels) => pixels.Resize(
            (double)width / pixels.Width, kernel: kernel, vscale: (double)height / pixels.Height);

        var scaled = filter == ResizeFilter.Nearest ? Resize(image) : WithPremultipliedAlpha(image, Resize);

        // Enlarging may round a side up.
        return scaled.Width == width && scaled.Height == height
            ? scaled
            : scaled.Embed(0, 0, width, height, Enums.Extend.Copy);
    }

    // A transparent pixel must not lend its colour to its neighbours.
    private static Image WithPremultipliedAlpha(Image image, Func<Image, Image> operation) => image.HasAlpha()
        ? operation(image.Premultiply()).Unpremultiply().Cast(Enums.BandFormat.Uchar)
        : operation(image);

    private sealed class State(Image image, bool isSequential)
    {
        private bool _isSequential = isSequential;

        public Image Image { get; set; } = image;

        /// <summary>Computes the pixels, if they can be read once only.</summary>
        public void Buffer()
        {
            if (_isSequential)
            {
                Image = Image.CopyMemory();
                _isSequential = false;
            }
        }
    }
}
