using System.Globalization;
using MediaAspire.Core.Imaging;

namespace MediaAspire.Core.Images.Variants;

/// <summary>The settings of a variant that are not operations: <c>quality</c>, <c>frame</c> and <c>at</c>.</summary>
internal static class VariantSettings
{
    private const int QualityStep = 5;
    private const double LongestVideo = 86_400;

    private static readonly TimeSpan s_placeStep = TimeSpan.FromMilliseconds(100);

    /// <summary>Gets the names of the settings.</summary>
    public static IReadOnlyList<string> Names { get; } = ["quality", "frame", "at"];

    /// <summary>Applies a setting to a request.</summary>
    public static SettingOutcome Apply(string name, string value, ref ImageRequest request)
    {
        switch (name)
        {
            case "quality" when value == "auto":
                request = request with { HasAutomaticQuality = true, Quality = null };
                return SettingOutcome.Applied;
            case "quality":
                if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var quality) || quality is < 1 or > 100)
                {
                    return SettingOutcome.Invalid;
                }

                request = request with { Quality = RoundQuality(quality), HasAutomaticQuality = false };
                return SettingOutcome.Applied;
            case "frame":
                request = request with { TakesOneFrame = true };
                return value == "first" ? SettingOutcome.Applied : SettingOutcome.Invalid;
            case "at":
                if (!double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
                    || seconds > LongestVideo)
                {
                    return SettingOutcome.Invalid;
                }

                request = request with { At = RoundPlace(TimeSpan.FromSeconds(seconds)) };
                return SettingOutcome.Applied;
            default:
                return SettingOutcome.Unknown;
        }
    }

    /// <summary>Describes the values of a setting, for an error message.</summary>
    public static string RuleOf(string name) => name switch
    {
        "quality" => "auto, or a number from 1 to 100, which is rounded to a multiple of 5",
        "frame" => "first",
        _ => "a place in a video in seconds, from 0 to 86400",
    };

    public static int RoundQuality(int quality) => Math.Max(QualityStep, (quality + (QualityStep / 2)) / QualityStep * QualityStep);

    public static TimeSpan RoundPlace(TimeSpan at) =>
        new((at.Ticks + (s_placeStep.Ticks / 2)) / s_placeStep.Ticks * s_placeStep.Ticks);
}

/// <summary>The outcome of applying a setting.</summary>
internal enum SettingOutcome
{
    Applied,
    Invalid,
    Unknown,
}
