using System.Globalization;
using MediaAspire.Core.Imaging;

namespace MediaAspire.Core.Images.Variants;

/// <summary>
/// The key of a variant: its operations in their order, its settings and its extension, such as <c>crop=16x9/resize=320.webp</c>. Requests
/// for the same picture have the same key.
/// </summary>
public static class VariantKey
{
    /// <summary>The most operations of a variant.</summary>
    public const int MaxSteps = 10;

    private const string NoSteps = "identity";
    private const string QualitySetting = "quality";
    private const string FrameSetting = "frame";
    private const string AtSetting = "at";

    /// <summary>Writes the key of a variant.</summary>
    public static string Write(ImageRequest request)
    {
        List<string> tokens = [.. request.Steps.Select(StepGrammar.Write)];
        if (HasQuality(request.Format))
        {
            if (request.HasAutomaticQuality)
            {
                tokens.Add($"{QualitySetting}=auto");
            }
            else if (request.Quality is { } quality)
            {
                tokens.Add(string.Create(CultureInfo.InvariantCulture, $"{QualitySetting}={VariantSettings.RoundQuality(quality)}"));
            }
        }

        if (request.TakesOneFrame && IsAnimated(request.Format))
        {
            tokens.Add($"{FrameSetting}=first");
        }

        if (request.At is { } at)
        {
            tokens.Add(string.Create(CultureInfo.InvariantCulture, $"{AtSetting}={VariantSettings.RoundPlace(at).TotalSeconds:0.#}"));
        }

        return (tokens.Count == 0 ? NoSteps : string.Join('/', tokens)) + "." + ImageFormats.ExtensionOf(request.Format);
    }

    /// <summary>Reads a key that <see cref="Write"/> wrote.</summary>
    /// <exception cref="FormatException">The text is not a key.</exception>
    public static ImageRequest Parse(string key)
    {
        var dot = key.LastIndexOf('.');
        if (dot < 0 || ImageFormats.Parse(key[(dot + 1)..]) is not { } format)
        {
            throw Malformed(key);
        }

        var request = new ImageRequest([], format);
        var steps = new List<ImageStep>();
        foreach (var token in key[..dot].Split('/'))
        {
            var (name, value) = token.Split('=', 2) is [var before, var after] ? (before, after) : (token, "");
            if (StepGrammar.IsOperation(name) && StepGrammar.Read(name, value, out var step) is null)
            {
                steps.Add(step!);
            }
            else if (name != NoSteps && VariantSettings.Apply(name, value, ref request) is not SettingOutcome.Applied)
            {
                throw Malformed(key);
            }
        }

        return request with { Steps = steps };
    }

    /// <summary>Determines whether the quality of a format can be chosen.</summary>
    internal static bool HasQuality(ImageFormat format) =>
        format is ImageFormat.Avif or ImageFormat.Jpeg or ImageFormat.Jxl or ImageFormat.Webp;

    private static bool IsAnimated(ImageFormat format) => format is ImageFormat.Apng or ImageFormat.Gif or ImageFormat.Webp;

    private static FormatException Malformed(string key) => new($"\"{VariantFault.Shorten(key)}\" is not the key of a variant.");
}
