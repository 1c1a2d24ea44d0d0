using System.Globalization;
using MediaAspire.Core.Imaging;

namespace MediaAspire.Worker.Imaging;

/// <summary>Writes steps as filters of ffmpeg, for results of many frames. The size is computed here, so that it is known beforehand.</summary>
internal sealed class VideoFilters
{
    private readonly List<string> _filters = [];

    /// <summary>Begins with frames as they are shown.</summary>
    /// <param name="streams">The content.</param>
    public VideoFilters(VideoStreams streams)
    {
        (Width, Height) = (streams.Width, streams.Height);

        // Also frames of another size in the middle of a video get this one. Videos of high definition that do not name their matrix were
        // coded by BT.709; ffmpeg would take BT.601.
        var matrix = !streams.HasAlpha && !streams.HasColourMatrix && streams.Height >= 720 ? ":in_color_matrix=bt709" : "";
        Add($"scale={Width}:{Height}{matrix}");
        Add($"setsar=1");
    }

    /// <summary>Gets the width of the frames so far, in pixels.</summary>
    public int Width { get; private set; }

    /// <summary>Gets the height of the frames so far, in pixels.</summary>
    public int Height { get; private set; }

    /// <summary>Gets the filter graph, of one input and one output.</summary>
    public string Graph => string.Join(',', _filters);

    /// <summary>Adds filters.</summary>
    public VideoFilters Add(FormattableString filter)
    {
        _filters.Add(filter.ToString(CultureInfo.InvariantCulture));
        return this;
    }

    /// <summary>Shrinks frames to fit into a box. Never enlarges.</summary>
    public VideoFilters FitInto(int width, int height, string flags = "lanczos")
    {
        var scale = Math.Min(1, Math.Min((double)width / Width, (double)height / Height));
        return scale < 1 ? Scale(Round(Width * scale), Round(Height * scale), flags) : this;
    }

    /// <summary>Puts a colour behind transparent frames, which become opaque.</summary>
    public VideoFilters Flatten(int rgb)
    {
        var (r, g, b) = (rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255);
        return Add($"format=rgba,split[front][copy];[copy]lutrgb=r={r}:g={g}:b={b}:a=255[back];[back][front]overlay=format=rgb");
    }

    /// <summary>Adds a step.</summary>
    public VideoFilters Apply(ImageStep step) => step switch
    {
        ImageStep.Thumbnail thumbnail => FitInto(thumbnail.Size, thumbnail.Size, "neighbor"),
        ImageStep.Resize { IsArea: true } resize => FitArea(resize),
        ImageStep.Resize resize => FitInto(resize.Size, resize.Size, FlagsOf(resize.Filter)),
        ImageStep.CropToRatio ratio => CropToRatio(ratio),
        ImageStep.Blur blur => Add($"gblur=sigma={blur.Sigma:0.###}:steps=3"),
        ImageStep.Sharpen sharpen => Sharpen(sharpen),
        ImageStep.ResizeTo resize => ResizeTo(resize),
        ImageStep.CropTo crop => Crop(Math.Min(crop.Width, Width), Math.Min(crop.Height, Height), crop.Focus),
        ImageStep.Rotate rotate => Rotate(rotate.Degrees),
        ImageStep.Flip flip => Flip(flip),
        ImageStep.Pad pad => Pad(pad),
        ImageStep.Flatten flatten => Flatten(flatten.Rgb),
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, "An unknown step."),
    };

    private VideoFilters FitArea(ImageStep.Resize resize)
    {
        var scale = Math.Min(1, resize.Size / Math.Sqrt((double)Width * Height));
        return scale < 1 ? Scale(Round(Width * scale), Round(Height * scale), FlagsOf(resize.Filter)) : this;
    }

    private VideoFilters CropToRatio(ImageStep.CropToRatio ratio) => Width * (long)ratio.Height > Height * (long)ratio.Width
        ? Crop(Round((double)Height * ratio.Width / ratio.Height), Height, FocusPoint.Centre)
        : Crop(Width, Round((double)Width * ratio.Height / ratio.Width), FocusPoint.Centre);

    // ffmpeg adds up the matrix in 32 bits, so it has at most 13 rows, an odd number.
    private VideoFilters Sharpen(ImageStep.Sharpen sharpen)
    {
        var rows = Math.Clamp(2 * (int)Math.Ceiling(2 * sharpen.Sigma) + 1, 3, 13);
        return Add($"unsharp={rows}:{rows}:1:{rows}:{rows}:0");
    }

    private VideoFilters ResizeTo(ImageStep.ResizeTo resize)
    {
        var byWidth = resize.Width / (double)Width;
        var byHeight = resize.Height / (double)Height;
        if (byWidth is null && byHeight is null)
        {
            return this;
        }

        if (resize.Mode == ResizeMode.Force && byWidth is not null && byHeight is not null)
        {
            var (wide, high) = resize.MayEnlarge ? (byWidth.Value, byHeight.Value) : (Math.Min(1, byWidth.Value), Math.Min(1, byHeight.Value));
            return Scale(Round(Width * wide), Round(Height * high), "lanczos");
        }

        var fills = resize.Mode == ResizeMode.Fill;
        var scale = fills
            ? Math.Max(byWidth ?? 0, byHeight ?? 0)
            : Math.Min(byWidth ?? double.MaxValue, byHeight ?? double.MaxValue);
        scale = resize.MayEnlarge ? scale : Math.Min(1, scale);
        Scale(Round(Width * scale), Round(Height * scale), "lanczos");
        return fills ? Crop(Math.Min(resize.Width ?? Width, Width), Math.Min(resize.Height ?? Height, Height), resize.Focus) : this;
    }

    private VideoFilters Rotate(int degrees)
    {
        if (degrees != 180)
        {
            (Width, Height) = (Height, Width);
        }

        return degrees switch
        {
            90 => Add($"transpose=clock"),
            180 => Add($"hflip,vflip"),
            270 => Add($"transpose=cclock"),
            _ => throw new ArgumentOutOfRangeException(nameof(degrees), degrees, "Expected 90, 180 or 270."),
        };
    }

    private VideoFilters Flip(ImageStep.Flip flip)
    {
        if (flip.IsHorizontal)
        {
            Add($"hflip");
        }

        return flip.IsVertical ? Add($"vflip") : this;
    }

    private VideoFilters Pad(ImageStep.Pad pad)
    {
        (Width, Height) = (Width + pad.Left + pad.Right, Height + pad.Top + pad.Bottom);
        return Add($"pad={Width}:{Height}:{pad.Left}:{pad.Top}:color=black@0");
    }

    private VideoFilters Scale(int width, int height, string flags)
    {
        if ((width, height) == (Width, Height))
        {
            return this;
        }

        (Width, Height) = (width, height);
        return Add($"scale={width}:{height}:flags={flags}");
    }

    // The most interesting part would move from frame to frame, so a smart crop keeps the centre.
    private VideoFilters Crop(int width, int height, FocusPoint focus)
    {
        if ((width, height) == (Width, Height))
        {
            return this;
        }

        var (left, top) = ((int)Math.Round((Width - width) * focus.X), (int)Math.Round((Height - height) * focus.Y));
        (Width, Height) = (width, height);
        return Add($"crop={width}:{height}:{left}:{top}:exact=1");
    }

    private static int Round(double pixels) => (int)Math.Clamp(Math.Round(pixels, MidpointRounding.AwayFromZero), 1, int.MaxValue);

    private static string FlagsOf(ResizeFilter filter) => filter switch
    {
        ResizeFilter.Lanczos2 => "lanczos:param0=2",
        ResizeFilter.Mitchell => "bicubic:param0=0.3333:param1=0.3333",
        ResizeFilter.Robidoux => "bicubic:param0=0.3782:param1=0.3109",
        ResizeFilter.Triangle => "bilinear",
        ResizeFilter.Nearest => "neighbor",
        _ => "lanczos",
    };
}
