using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;
using MediaAspire.Core.Imaging;

namespace MediaAspire.Core.Images.Variants;

/// <summary>The grammar of operations, <c>name=value</c>: queries, presets and the keys of variants share it.</summary>
/// <remarks>
/// <see cref="Write"/> gives every operation one form. Numbers with more digits than can be seen are rounded, so that they cannot
/// name new variants of the same picture.
/// </remarks>
public static partial class StepGrammar
{
    /// <summary>The longest side that an operation may name, in pixels.</summary>
    public const int MaxSide = 10_000;

    internal const int MaxRatio = 20;

    private const string SizeRule = "a number of pixels from 1 to 10000";
    private const string BoxRule =
        "WIDTHxHEIGHT in pixels from 1 to 10000, of which one may be left out, then @X,Y from 0 to 1 or @smart, then :enlarge, as needed";

    private static readonly FrozenDictionary<string, ResizeFilter> s_filters = new Dictionary<string, ResizeFilter>
    {
        ["lanczos"] = ResizeFilter.Lanczos3,
        ["lanczos3"] = ResizeFilter.Lanczos3,
        ["lanczossharp"] = ResizeFilter.Lanczos3,
        ["lanczos2"] = ResizeFilter.Lanczos2,
        ["lanczos2sharp"] = ResizeFilter.Lanczos2,
        ["mitchell"] = ResizeFilter.Mitchell,
        ["robidoux"] = ResizeFilter.Robidoux,
        ["robidouxsharp"] = ResizeFilter.Robidoux,
        ["triangle"] = ResizeFilter.Triangle,
        ["nearest"] = ResizeFilter.Nearest,
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, (Func<string, ImageStep?> Read, string Rule)> s_operations =
        new Dictionary<string, (Func<string, ImageStep?>, string)>
        {
            ["thumbnail"] = (value => Size(value) is { } size ? new ImageStep.Thumbnail(size) : null, SizeRule),
            ["resize"] = (ReadResize, $"{SizeRule}, 'filter.pixels', or 'filter.aPIXELS' for an area of at most 100000000"),
            ["crop"] = (ReadCrop, "a ratio WIDTHxHEIGHT, each from 1 to 20"),
            ["blur"] = (value => Number(value, 100) is { } sigma ? new ImageStep.Blur(sigma) : null, "a number from 0.01 to 100"),
            ["sharpen"] = (value => Number(value, 10) is { } sigma ? new ImageStep.Sharpen(sigma) : null, "a number from 0.01 to 10"),
            ["fit"] = (value => ReadBox(value, ResizeMode.Fit), BoxRule),
            ["fill"] = (value => ReadBox(value, ResizeMode.Fill), BoxRule),
            ["force"] = (value => ReadBox(value, ResizeMode.Force), BoxRule),
            ["cut"] = (ReadCut, "WIDTHxHEIGHT in pixels from 1 to 10000, then @X,Y from 0 to 1 or @smart, as needed"),
            ["rotate"] = (ReadRotation, "90, 180 or 270"),
            ["flip"] = (ReadFlip, "h, v or hv"),
            ["pad"] = (ReadPad, "one number of pixels for all sides, or TOP,RIGHT,BOTTOM,LEFT, each from 0 to 10000"),
            ["flatten"] = (ReadColour, "a colour of six hexadecimal digits"),
        }.ToFrozenDictionary();

    /// <summary>Gets the names of the operations.</summary>
    public static IEnumerable<string> Names => s_operations.Keys.Order(StringComparer.Ordinal);

    /// <summary>Determines whether a name is one of an operation.</summary>
    public static bool IsOperation(string name) => s_operations.ContainsKey(name);

    /// <summary>Reads an operation.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="value">The value, decoded.</param>
    /// <param name="step">The operation; <see langword="null"/> after a fault.</param>
    /// <returns>The fault; <see langword="null"/> for none.</returns>
    public static VariantFault? Read(string name, string value, out ImageStep? step)
    {
        var (read, rule) = s_operations[name];
        step = value.Length <= 100 ? read(value) : null;
        return step is null ? VariantFault.Invalid(name, value, rule) : null;
    }

    /// <summary>Writes an operation in its one form.</summary>
    public static string Write(ImageStep step) => step switch
    {
        ImageStep.Thumbnail thumbnail => Text($"thumbnail={thumbnail.Size}"),
        ImageStep.Resize resize => Text($"resize={WriteFilter(resize.Filter)}{WriteBound(resize)}"),
        ImageStep.CropToRatio crop => Text($"crop={crop.Width}x{crop.Height}"),
        ImageStep.Blur blur => Text($"blur={blur.Sigma}"),
        ImageStep.Sharpen sharpen => Text($"sharpen={sharpen.Sigma}"),
        ImageStep.ResizeTo box => Text(
            $"{WriteMode(box.Mode)}={box.Width}x{box.Height}{WriteFocus(box.Focus)}{(box.MayEnlarge ? ":enlarge" : "")}"),
        ImageStep.CropTo cut => Text($"cut={cut.Width}x{cut.Height}{WriteFocus(cut.Focus)}"),
        ImageStep.Rotate rotate => Text($"rotate={rotate.Degrees}"),
        ImageStep.Flip flip => $"flip={(flip.IsHorizontal ? "h" : "")}{(flip.IsVertical ? "v" : "")}",
        ImageStep.Pad pad => Text($"pad={pad.Top},{pad.Right},{pad.Bottom},{pad.Left}"),
        ImageStep.Flatten flatten => Text($"flatten={flatten.Rgb:x6}"),
        _ => throw new System.Diagnostics.UnreachableException($"Unhandled operation {step}."),
    };

    /// <summary>Rounds a number to the digits that an operation keeps.</summary>
    internal static double Round(double value) => Math.Round(value, 2, MidpointRounding.AwayFromZero);

    internal static int? Size(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size is >= 1 and <= MaxSide ? size : null;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static double? Number(string text, double most) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && Round(number) is var rounded && rounded > 0 && rounded <= most ? rounded : null;

    private static ImageStep.Resize? ReadResize(string value)
    {
        var filter = ResizeFilter.Lanczos3;
        if (value.IndexOf('.', StringComparison.Ordinal) is var dot and >= 0)
        {
            if (dot > 0 && !s_filters.TryGetValue(value[..dot].ToLowerInvariant(), out filter))
            {
                return null;
            }

            value = value[(dot + 1)..];
        }

        if (!value.StartsWith('a'))
        {
            return Size(value) is { } size ? new(size, filter) : null;
        }

        return int.TryParse(value.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var area)
            && area is >= 1 and <= MaxSide * MaxSide ? new((int)Math.Sqrt(area), filter, IsArea: true) : null;
    }

    private static ImageStep.CropToRatio? ReadCrop(string value)
    {
        if (value.Split('x') is not [var first, var second]
            || Size(first) is not { } width || Size(second) is not { } height || width > MaxRatio || height > MaxRatio)
        {
            return null;
        }

        var divisor = Divisor(width, height);
        return new(width / divisor, height / divisor);
    }

    private static ImageStep.ResizeTo? ReadBox(string value, ResizeMode mode)
    {
        var match = BoxForm().Match(value);
        if (!match.Success)
        {
            return null;
        }

        var (width, height) = (match.Groups["w"].Value, match.Groups["h"].Value);
        if ((width == "" && height == "") || (width != "" && Size(width) is null) || (height != "" && Size(height) is null)
            || ReadFocus(match.Groups["focus"].Value) is not { } focus)
        {
            return null;
        }

        // Nothing is cut where the picture fits, where it is stretched, and where one side follows from the other.
        if (mode != ResizeMode.Fill || width == "" || height == "")
        {
            (mode, focus) = (width == "" || height == "" ? ResizeMode.Fit : mode, FocusPoint.Centre);
        }

        return new(Size(width), Size(height), mode, focus, match.Groups["enlarge"].Success);
    }

    private static ImageStep.CropTo? ReadCut(string value) =>
        BoxForm().Match(value) is { Success: true } match && !match.Groups["enlarge"].Success
            && Size(match.Groups["w"].Value) is { } width && Size(match.Groups["h"].Value) is { } height
            && ReadFocus(match.Groups["focus"].Value) is { } focus ? new(width, height, focus) : null;

    private static FocusPoint? ReadFocus(string text)
    {
        if (text is "" or "smart")
        {
            return text == "" ? FocusPoint.Centre : FocusPoint.Smart;
        }

        return text.Split(',') is [var x, var y] && Fraction(x) is { } left && Fraction(y) is { } top ? new(left, top) : null;
    }

    private static double? Fraction(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= 1
            ? Round(number) : null;

    private static ImageStep.Rotate? ReadRotation(string value) => value switch
    {
        "90" => new(90),
        "180" => new(180),
        "270" => new(270),
        _ => null,
    };

    private static ImageStep.Flip? ReadFlip(string value) => value switch
    {
        "h" => new(true, false),
        "v" => new(false, true),
        "hv" or "vh" => new(true, true),
        _ => null,
    };

    private static ImageStep.Pad? ReadPad(string value)
    {
        int?[] sides = [.. value.Split(',').Select(side => side == "0" ? 0 : Size(side))];
        return sides switch
        {
            [{ } all] when all > 0 => new(all, all, all, all),
            [{ } top, { } right, { } bottom, { } left] when top + right + bottom + left > 0 => new(top, right, bottom, left),
            _ => null,
        };
    }

    private static ImageStep.Flatten? ReadColour(string value) =>
        value.Length == 6 && int.TryParse(value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var rgb)
            ? new(rgb) : null;

    private static string WriteFilter(ResizeFilter filter) => filter == ResizeFilter.Lanczos3
        ? "" : filter.ToString().ToLowerInvariant() + ".";

    private static string WriteBound(ImageStep.Resize resize) =>
        resize.IsArea ? Text($"a{resize.Size * resize.Size}") : Text($"{resize.Size}");

    private static string WriteMode(ResizeMode mode) => mode.ToString().ToLowerInvariant();

    private static string WriteFocus(FocusPoint focus) =>
        focus.IsSmart ? "@smart" : focus == FocusPoint.Centre ? "" : Text($"@{focus.X},{focus.Y}");

    private static int Divisor(int first, int second) => second == 0 ? first : Divisor(second, first % second);

    // 300x400, 300x, x400, 300x400@0.5,0.25 and 300x400@smart:enlarge.
    [GeneratedRegex(
        @"^(?<w>[0-9]{0,6})x(?<h>[0-9]{0,6})(@(?<focus>smart|[0-9.,]{1,20}))?(?<enlarge>:enlarge)?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex BoxForm();
}
