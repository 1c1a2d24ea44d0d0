using MediaAspire.Core.Images.Variants;
using MediaAspire.Core.Imaging;

namespace MediaAspire.Core.Images.Imgproxy;

/// <summary>The options of an address as far as they are read. Their order does not matter: imgproxy has an order of its own.</summary>
internal sealed partial class ImgproxyReading
{
    // Options of imgproxy that have no equivalent here.
    private static readonly HashSet<string> s_unsupported =
    [
        "min-width", "mw", "min-height", "mh", "zoom", "z", "trim", "t", "pixelate", "pix", "watermark", "wm", "max_bytes", "mb",
        "skip_processing", "skp", "max_src_resolution", "msr", "max_src_file_size", "msfs", "max_animation_frames", "maf",
        "max_animation_frame_resolution", "mafr", "max_result_dimension", "mrd", "preserve_hdr", "ph",
    ];

    private readonly Dictionary<ImageFormat, int> _formatQualities = [];
    private ResizeMode _mode = ResizeMode.Fit;
    private (int Width, int Height) _size;
    private (int Width, int Height) _crop;
    private (int Top, int Right, int Bottom, int Left) _padding;
    private double _pixelRatio = 1;
    private bool _mayEnlarge;
    private FocusPoint _gravity = FocusPoint.Centre;
    private FocusPoint? _cropGravity;
    private int _rotation;
    private (bool Horizontal, bool Vertical) _flip;
    private int? _background;
    private double _blur;
    private double _sharpen;
    private int _quality;
    private (ImageFormat? Format, bool IsBest)? _format;
    private string? _filename;
    private bool _isAttachment;
    private bool _hasOptions;

    public bool IsRaw { get; private set; }

    public DateTimeOffset? ExpiresAt { get; private set; }

    /// <summary>Applies an option, such as <c>rs:fill:300:400</c>.</summary>
    /// <param name="text">The option.</param>
    /// <param name="presets">The presets.</param>
    /// <param name="within">The presets that are being applied; none for an option of the address itself.</param>
    public VariantFault? Apply(string text, ImgproxyPresets presets, IReadOnlyList<string> within)
    {
        var parts = text.Split(':');
        var (name, arguments) = (parts[0], parts[1..]);
        if (arguments.Length == 0)
        {
            return Invalid(name, "", "an argument after a colon");
        }

        if (name is "preset" or "pr")
        {
            return arguments.Select(preset => presets.Apply(preset, this, within)).FirstOrDefault(fault => fault is not null);
        }

        _hasOptions |= within.Count == 0 && name is not ("format" or "f" or "ext" or "cachebuster" or "cb" or "expires" or "exp");
        if (TryScaling(name, arguments, out var fault) || TryLook(name, arguments, out fault) || TryOutput(name, arguments, out fault))
        {
            return fault;
        }

        return s_unsupported.Contains(name)
            ? Unsupported(text)
            : new("imgproxy-option-unknown", $"\"{VariantFault.Shorten(name)}\" is not an option of imgproxy. Check the address.");
    }

    public VariantFault? SetFormat(string name)
    {
        _format = ImgproxyParser.ReadFormat(name);
        return _format is null ? Invalid("format", name, "the extension of a format of variants") : null;
    }

    public VariantFault? End(string source, out ImgproxyRequest? request)
    {
        request = null;
        if (Steps(out var steps) is { } fault)
        {
            return fault;
        }

        request = new(source, new VariantWish(
            new ImageRequest(steps, ImageFormat.Webp) { Quality = _quality == 0 ? null : VariantSettings.RoundQuality(_quality) },
            _format?.Format)
        {
            HasAutomaticFormat = _format is { IsBest: true },
            FormatQualities = _formatQualities,
            IsOfPresets = !_hasOptions,
        })
        {
            ExpiresAt = ExpiresAt,
            Filename = _filename,
            IsAttachment = _isAttachment,
            IsRaw = IsRaw,
        };
        return null;
    }
}
