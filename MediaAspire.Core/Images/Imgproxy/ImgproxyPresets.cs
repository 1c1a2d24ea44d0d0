using MediaAspire.Core.Images.Variants;

namespace MediaAspire.Core.Images.Imgproxy;

/// <summary>The presets of imgproxy's form.</summary>
internal sealed class ImgproxyPresets(ImgproxyOptions options)
{
    private const string Default = "default";

    /// <summary>Applies the preset of every address, if there is one.</summary>
    public VariantFault? ApplyDefault(ImgproxyReading reading) =>
        options.Presets.ContainsKey(Default) ? Apply(Default, reading, []) : null;

    /// <summary>Applies a preset. One that names itself, also by way of others, is a fault.</summary>
    public VariantFault? Apply(string name, ImgproxyReading reading, IReadOnlyList<string> within)
    {
        if (!options.Presets.TryGetValue(name, out var text))
        {
            return new("preset-unknown", $"There is no preset \"{VariantFault.Shorten(name)}\". Check the name, or configure it.");
        }

        if (within.Contains(name))
        {
            return new("preset-unknown", $"The preset \"{VariantFault.Shorten(name)}\" names itself. Change the preset.");
        }

        foreach (var option in text.Split('/', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (reading.Apply(option, this, [.. within, name]) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    /// <summary>Checks a preset of the settings.</summary>
    public VariantFault? Check(string name) => Apply(name, new ImgproxyReading(), []);
}
