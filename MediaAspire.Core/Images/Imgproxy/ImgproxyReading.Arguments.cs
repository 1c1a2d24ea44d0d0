using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using MediaAspire.Core.Images.Variants;
using MediaAspire.Core.Imaging;

namespace MediaAspire.Core.Images.Imgproxy;

/// <summary>The options of the response, and the arguments of options.</summary>
internal sealed partial class ImgproxyReading
{
    private bool TryOutput(string name, string[] arguments, out VariantFault? fault)
    {
        fault = null;
        switch (name)
        {
            case "quality" or "q":
                fault = ReadQuality(name, arguments, out _quality);
                return true;
            case "format_quality" or "fq":
                fault = SetFormatQualities(name, arguments);
                return true;
            case "format" or "f" or "ext":
                fault = arguments.Length == 1 ? SetFormat(arguments[0]) : Invalid(name, string.Join(':', arguments), "one format");
                return true;
            case "cachebuster" or "cb":
                return true;
            case "expires" or "exp":
                fault = SetExpiry(name, arguments);
                return true;
            case "filename" or "fn":
                fault = SetFilename(name, arguments);
                return true;
            case "return_attachment" or "att":
                fault = Read(name, arguments, out _isAttachment);
                return true;
            case "raw":
                fault = Read(name, arguments, out bool isRaw);
                IsRaw = isRaw;
                return true;

            // Metadata are always removed, profiles are always applied, and no preview inside a file is ever taken.
            case "strip_metadata" or "sm" or "strip_color_profile" or "scp":
                fault = Refuse(name, arguments, refused: false);
                return true;
            case "keep_copyright" or "kcr" or "enforce_thumbnail" or "eth":
                fault = Refuse(name, arguments, refused: true);
                return true;
            default:
                return false;
        }
    }

    private VariantFault? SetFormatQualities(string name, string[] arguments)
    {
        if (arguments.Length % 2 != 0)
        {
            return Invalid(name, string.Join(':', arguments), "pairs of a format and a quality");
        }

        foreach (var pair in arguments.Chunk(2))
        {
            if (ImgproxyParser.ReadFormat(pair[0]) is not ({ } format, false))
            {
                return Invalid(name, pair[0], "the extension of a format of variants");
            }

            if (ReadQuality(name, [pair[1]], out var quality) is { } fault)
            {
                return fault;
            }

            _formatQualities[format] = quality;
        }

        foreach (var format in _formatQualities.Keys.Where(format => _formatQualities[format] == 0).ToArray())
        {
            _formatQualities.Remove(format);
        }

        return null;
    }

    private VariantFault? SetExpiry(string name, string[] arguments)
    {
        if (arguments.Length > 1 || !long.TryParse(arguments[0], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds())
        {
            return Invalid(name, arguments[0], "seconds since 1970");
        }

        ExpiresAt = seconds == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(seconds);
        return null;
    }

    private VariantFault? SetFilename(string name, string[] arguments)
    {
        var isEncoded = false;
        if (arguments.Length > 1 && Read(name, arguments[1..], out isEncoded) is { } fault)
        {
            return fault;
        }

        var text = Uri.UnescapeDataString(arguments[0]);
        if (isEncoded)
        {
            var trimmed = arguments[0].TrimEnd('=');
            var bytes = new byte[Base64Url.GetMaxDecodedLength(trimmed.Length)];
            if (Base64Url.DecodeFromChars(trimmed, bytes, out _, out var length) != OperationStatus.Done)
            {
                return Invalid(name, arguments[0], "Base64 for URLs");
            }

            text = Encoding.UTF8.GetString(bytes, 0, length);
        }

        _filename = text;
        return text.Length is >= 1 and <= 200 && !text.Any(char.IsControl) ? null : Invalid(name, arguments[0], "1 to 200 characters");
    }

    private static VariantFault? Read(string name, string[] arguments, out bool value)
    {
        // The spellings that imgproxy knows.
        value = arguments[0] is "1" or "t" or "T" or "true" or "TRUE" or "True";
        return arguments.Length == 1 && (value || arguments[0] is "0" or "f" or "F" or "false" or "FALSE" or "False")
            ? null : Invalid(name, string.Join(':', arguments), "1 or 0");
    }

    private static VariantFault? Read(string name, string[] arguments, out int pixels)
    {
        pixels = 0;
        return arguments.Length == 1 && int.TryParse(arguments[0], NumberStyles.None, CultureInfo.InvariantCulture, out pixels)
            && pixels <= MaxSide ? null : Invalid(name, string.Join(':', arguments), $"pixels from 0 to {MaxSide}");
    }

    private static VariantFault? Read(string name, string[] arguments, double most, out double number)
    {
        number = 0;
        if (arguments.Length != 1
            || !double.TryParse(arguments[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var given) || given > most)
        {
            return Invalid(name, string.Join(':', arguments), string.Create(CultureInfo.InvariantCulture, $"a number from 0 to {most}"));
        }

        number = StepGrammar.Round(given);
        return null;
    }

    private static VariantFault? ReadQuality(string name, string[] arguments, out int quality)
    {
        quality = 0;
        return arguments.Length == 1 && int.TryParse(arguments[0], NumberStyles.None, CultureInfo.InvariantCulture, out quality)
            && quality <= 100 ? null : Invalid(name, string.Join(':', arguments), "a number from 0, for the default, to 100");
    }

    private static VariantFault? Read(string name, string[] arguments, out FocusPoint point)
    {
        FocusPoint? known = arguments[0] switch
        {
            "ce" => FocusPoint.Centre,
            "no" => new(0.5, 0),
            "so" => new(0.5, 1),
            "ea" => new(1, 0.5),
            "we" => new(0, 0.5),
            "noea" => new(1, 0),
            "nowe" => new(0, 0),
            "soea" => new(1, 1),
            "sowe" => new(0, 1),
            "sm" => FocusPoint.Smart,
            "fp" when arguments is [_, var x, var y] && Fraction(x) is { } left && Fraction(y) is { } top => new(left, top),
            _ => null,
        };
        point = known ?? FocusPoint.Centre;
        if (known is null)
        {
            return Invalid(name, string.Join(':', arguments), "ce, no, so, ea, we, noea, nowe, soea, sowe, sm or fp:X:Y");
        }

        return arguments[0] == "fp" || arguments.Skip(1).All(offset => offset is "" or "0")
            ? null : Unsupported($"{name}:{string.Join(':', arguments)}");
    }

    private static double? Fraction(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= 1
            ? StepGrammar.Round(number) : null;

    /// <summary>Refuses one value of an option whose other value is what always happens here.</summary>
    private static VariantFault? Refuse(string name, string[] arguments, bool refused) =>
        Read(name, arguments[..1], out bool value) ?? (value == refused ? Unsupported($"{name}:{string.Join(':', arguments)}") : null);

    private static VariantFault Invalid(string name, string value, string rule) => new(
        "imgproxy-option-invalid",
        $"\"{VariantFault.Shorten(value)}\" is not a value of the option '{VariantFault.Shorten(name)}'. Send {rule}.");

    private static VariantFault Unsupported(string option) => new(
        "imgproxy-option-unsupported",
        $"The option \"{VariantFault.Shorten(option)}\" is not supported here. Leave it out.",
        VariantFaultKind.Unprocessable);
}
