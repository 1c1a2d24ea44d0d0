using System.Globalization;
using MediaAspire.Core.Images.Variants;
using MediaAspire.Core.Imaging;

namespace MediaAspire.Core.Images.Imgproxy;

/// <summary>The single options.</summary>
internal sealed partial class ImgproxyReading
{
    private const int MaxSide = StepGrammar.MaxSide;

    private bool TryScaling(string name, string[] arguments, out VariantFault? fault)
    {
        fault = null;
        switch (name)
        {
            case "resize" or "rs":
                fault = SetMode(arguments[0]) ?? SetSize(arguments[1..]);
                return true;
            case "size" or "s":
                fault = SetSize(arguments);
                return true;
            case "resizing_type" or "rt":
                fault = SetMode(arguments[0]);
                return true;
            case "width" or "w":
                fault = Read(name, arguments, out _size.Width);
                return true;
            case "height" or "h":
                fault = Read(name, arguments, out _size.Height);
                return true;
            case "dpr":
                fault = Read(name, arguments, 8, out _pixelRatio)
                    ?? (_pixelRatio > 0 ? null : Invalid(name, arguments[0], "a number above 0"));
                return true;
            case "enlarge" or "el":
                fault = Read(name, arguments, out _mayEnlarge);
                return true;
            case "extend" or "ex" or "extend_aspect_ratio" or "extend_ar" or "exar":
                fault = Refuse(name, arguments, refused: true);
                return true;
            case "gravity" or "g":
                fault = Read(name, arguments, out FocusPoint gravity);
                _gravity = gravity;
                return true;
            case "crop" or "c":
                fault = SetCrop(name, arguments);
                return true;
            default:
                return false;
        }
    }

    private bool TryLook(string name, string[] arguments, out VariantFault? fault)
    {
        fault = null;
        switch (name)
        {
            case "padding" or "pd":
                fault = SetPadding(name, arguments);
                return true;
            case "auto_rotate" or "ar":
                fault = Refuse(name, arguments, refused: false);
                return true;
            case "rotate" or "rot":
                _rotation = 0;
                if (!int.TryParse(arguments[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var degrees)
                    || degrees % 90 != 0 || arguments.Length > 1)
                {
                    fault = Invalid(name, arguments[0], "a multiple of 90");
                    return true;
                }

                _rotation = ((degrees % 360) + 360) % 360;
                return true;
            case "flip" or "fl":
                fault = SetFlip(name, arguments);
                return true;
            case "background" or "bg":
                fault = SetBackground(name, arguments);
                return true;
            case "blur" or "bl":
                fault = Read(name, arguments, 100, out _blur);
                return true;
            case "sharpen" or "sh":
                fault = Read(name, arguments, 10, out _sharpen);
                return true;
            default:
                return false;
        }
    }

    private VariantFault? SetMode(string name)
    {
        switch (name)
        {
            case "":
                return null;
            case "fit" or "fill" or "force":
                _mode = Enum.Parse<ResizeMode>(name, ignoreCase: true);
                return null;
            case "fill-down" or "auto":
                return Unsupported($"resizing_type:{name}");
            default:
                return Invalid("resizing_type", name, "fit, fill or force");
        }
    }

    private VariantFault? SetSize(string[] arguments)
    {
        VariantFault? fault = null;
        if (arguments is [{ Length: > 0 } width, ..])
        {
            fault = Read("width", [width], out _size.Width);
        }

        if (fault is null && arguments is [_, { Length: > 0 } height, ..])
        {
            fault = Read("height", [height], out _size.Height);
        }

        if (fault is null && arguments is [_, _, { Length: > 0 } enlarge, ..])
        {
            fault = Read("enlarge", [enlarge], out _mayEnlarge);
        }

        return fault ?? (arguments is [_, _, _, { Length: > 0 }, ..] ? Refuse("extend", arguments[3..], refused: true) : null);
    }

    private VariantFault? SetCrop(string name, string[] arguments)
    {
        if (arguments.Length > 5)
        {
            return Invalid(name, string.Join(':', arguments), "WIDTH:HEIGHT:GRAVITY");
        }

        // A number below 1 is a part of the picture's side.
        if (arguments.Take(2).Any(side => side.StartsWith("0.", StringComparison.Ordinal)))
        {
            return Unsupported($"{name}:{string.Join(':', arguments)}");
        }

        var fault = Read(name, arguments[..1], out _crop.Width)
            ?? (arguments.Length > 1 ? Read(name, arguments[1..2], out _crop.Height) : null);
        if (fault is null && arguments.Length > 2)
        {
            fault = Read(name, arguments[2..], out FocusPoint gravity);
            _cropGravity = gravity;
        }

        return fault;
    }

    private VariantFault? SetPadding(string name, string[] arguments)
    {
        var sides = new int[4];
        for (var index = 0; index < sides.Length; index++)
        {
            // As in CSS: a side that is left out is that of the opposite one, and all are the first one.
            var given = index < arguments.Length ? arguments[index] : "";
            if (given == "")
            {
                sides[index] = index == 0 ? 0 : index == 3 ? sides[1] : sides[0];
            }
            else if (Read(name, [given], out sides[index]) is { } fault)
            {
                return fault;
            }
        }

        _padding = (sides[0], sides[1], sides[2], sides[3]);
        return arguments.Length > 4 ? Invalid(name, string.Join(':', arguments), "at most four sides") : null;
    }

    private VariantFault? SetFlip(string name, string[] arguments)
    {
        var (horizontal, vertical) = _flip;
        var fault = arguments[0] == "" ? null : Read(name, arguments[..1], out horizontal);
        if (fault is null && arguments is [_, { Length: > 0 }, ..])
        {
            fault = Read(name, arguments[1..], out vertical);
        }

        _flip = (horizontal, vertical);
        return fault;
    }

    private VariantFault? SetBackground(string name, string[] arguments)
    {
        const string rule = "three or six hexadecimal digits, or RED:GREEN:BLUE from 0 to 255";
        var text = string.Join(':', arguments);
        switch (arguments)
        {
            case [""]:
                _background = null;
                return null;
            case [{ Length: 3 or 6 } digits]:
                var six = digits.Length == 6 ? digits : string.Concat(digits.Select(digit => new string(digit, 2)));
                _background = int.TryParse(six, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var rgb) ? rgb : null;
                return _background is null ? Invalid(name, text, rule) : null;
            case [_, _, _] when arguments.All(part => byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out _)):
                _background = arguments.Aggregate(0, (sum, part) => (sum << 8) | byte.Parse(part, CultureInfo.InvariantCulture));
                return null;
            default:
                return Invalid(name, text, rule);
        }
    }

    /// <summary>Puts the options in imgproxy's order: crop, scale, filters, borders, background.</summary>
    /// <remarks>
    /// It crops and scales before it turns, but by sizes and a gravity of the turned picture. So turning first gives the same picture.
    /// </remarks>
    private VariantFault? Steps(out IReadOnlyList<ImageStep> steps)
    {
        var all = new List<ImageStep>();
        steps = all;
        if (_rotation != 0)
        {
            all.Add(new ImageStep.Rotate(_rotation));
        }

        if (_flip != default)
        {
            all.Add(new ImageStep.Flip(_flip.Horizontal, _flip.Vertical));
        }

        if (_crop != default)
        {
            all.Add(new ImageStep.CropTo(
                _crop.Width == 0 ? MaxSide : _crop.Width, _crop.Height == 0 ? MaxSide : _crop.Height, _cropGravity ?? _gravity));
        }

        var (width, height) = (Scale(_size.Width), Scale(_size.Height));
        if ((width ?? 0) > MaxSide || (height ?? 0) > MaxSide)
        {
            return Invalid("dpr", _pixelRatio.ToString(CultureInfo.InvariantCulture), $"one with which no side is above {MaxSide}");
        }

        if (_mode == ResizeMode.Force && (width is null) != (height is null))
        {
            return Unsupported("resizing_type:force with one side");
        }

        if (width is not null || height is not null)
        {
            var mode = width is null || height is null ? ResizeMode.Fit : _mode;
            all.Add(new ImageStep.ResizeTo(width, height, mode, mode == ResizeMode.Fill ? _gravity : FocusPoint.Centre, _mayEnlarge));
        }

        if (_blur > 0)
        {
            all.Add(new ImageStep.Blur(_blur));
        }

        if (_sharpen > 0)
        {
            all.Add(new ImageStep.Sharpen(_sharpen));
        }

        if (_padding != default)
        {
            all.Add(new ImageStep.Pad(
                Scale(_padding.Top) ?? 0, Scale(_padding.Right) ?? 0, Scale(_padding.Bottom) ?? 0, Scale(_padding.Left) ?? 0));
        }

        if (_background is { } background)
        {
            all.Add(new ImageStep.Flatten(background));
        }

        return null;
    }

    private int? Scale(int pixels) =>
        pixels == 0 ? null : Math.Max(1, (int)Math.Round(pixels * _pixelRatio, MidpointRounding.AwayFromZero));
}
