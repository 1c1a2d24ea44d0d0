using System.Globalization;
using MediaAspire.Core.Imaging;
using MediaAspire.Worker.Imaging.Child;

namespace MediaAspire.Worker.Imaging;

/// <summary>A graph of ffmpeg's filters, of one input and one output, for results of many frames.</summary>
internal sealed class VideoFilters
{
    private readonly List<string> _filters = [];

    /// <summary>Begins with frames as they are shown.</summary>
    /// <param name="streams">The content.</param>
    public VideoFilters(VideoStreams streams)
    {
        // Also frames of another size in the middle of a video get this one. Videos of high definition that do not name their matrix were
        // coded by BT.709; ffmpeg would take BT.601.
        var matrix = !streams.HasAlpha && !streams.HasColourMatrix && streams.Height >= 720 ? ":in_color_matrix=bt709" : "";
        Add($"scale={streams.Width}:{streams.Height}{matrix}").Add($"setsar=1");
    }

    /// <summary>Gets the graph as ffmpeg reads it.</summary>
    public string Graph => string.Join(',', _filters);

    /// <summary>Adds filters.</summary>
    public VideoFilters Add(FormattableString filter)
    {
        _filters.Add(filter.ToString(CultureInfo.InvariantCulture));
        return this;
    }

    /// <summary>Adds the operations of a plan. Smart crops keep the centre: what they look for moves from frame to frame.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="hasAlpha">Whether frames may be transparent.</param>
    public VideoFilters Add(PixelPlan plan, bool hasAlpha)
    {
        if (plan.Operations.Count > 0)
        {
            // Filters work on whole pixels only where colours are not stored for blocks of them.
            Add(hasAlpha ? (FormattableString)$"format=rgba" : $"format=yuv444p");
        }

        foreach (var operation in plan.Operations)
        {
            Add(operation);
        }

        return this;
    }

    /// <summary>Puts a colour behind transparent frames, which become opaque.</summary>
    public VideoFilters Flatten(int rgb)
    {
        var (r, g, b) = (rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255);
        return Add($"format=rgba,split[front][copy];[copy]lutrgb=r={r}:g={g}:b={b}:a=255[back];[back][front]overlay=format=rgb");
    }

    private VideoFilters Add(PixelOperation operation) => operation switch
    {
        PixelOperation.Scale scale => Add($"scale={scale.Width}:{scale.Height}:flags={FlagsOf(scale.Filter)}"),
        PixelOperation.Crop crop => Add($"crop={crop.Width}:{crop.Height}:{crop.Left}:{crop.Top}:exact=1"),
        PixelOperation.SmartCrop crop => Add($"crop={crop.Width}:{crop.Height}:exact=1"),
        PixelOperation.Blur blur => Add($"gblur=sigma={blur.Sigma:0.###}:steps=3"),
        PixelOperation.Sharpen sharpen => Sharpen(sharpen.Sigma),
        PixelOperation.Turn { Degrees: 90 } => Add($"transpose=clock"),
        PixelOperation.Turn { Degrees: 180 } => Add($"hflip,vflip"),
        PixelOperation.Turn { Degrees: 270 } => Add($"transpose=cclock"),
        PixelOperation.Mirror { IsHorizontal: true, IsVertical: true } => Add($"hflip,vflip"),
        PixelOperation.Mirror { IsHorizontal: true } => Add($"hflip"),
        PixelOperation.Mirror => Add($"vflip"),
        PixelOperation.Border border => Add(
            $"pad=iw+{border.Left + border.Right}:ih+{border.Top + border.Bottom}:{border.Left}:{border.Top}:color=black@0"),
        PixelOperation.Fill fill => Flatten(fill.Rgb),
        _ => throw new ArgumentException($"The operation {operation} is unknown.", nameof(operation)),
    };

    // ffmpeg adds up the matrix in 32 bits, so it has at most 13 rows, an odd number.
    private VideoFilters Sharpen(double sigma)
    {
        var rows = Math.Clamp(2 * (int)Math.Ceiling(2 * sigma) + 1, 3, 13);
        return Add($"unsharp={rows}:{rows}:1:{rows}:{rows}:0");
    }

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
