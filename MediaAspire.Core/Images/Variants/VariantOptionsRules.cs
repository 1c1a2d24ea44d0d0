using MediaAspire.Core.Imaging;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Images.Variants;

/// <summary>Checks the presets of the settings, so that a mistake stops the process instead of the first request.</summary>
internal sealed class VariantOptionsRules : IValidateOptions<VariantOptions>
{
    public ValidateOptionsResult Validate(string? name, VariantOptions options)
    {
        var failures = new List<string>();
        foreach (var (preset, operations) in options.Presets)
        {
            if (preset.Length == 0 || preset.Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '_')))
            {
                failures.Add($"Images:Variants:Presets: '{preset}' is not a name. Use letters, digits, - and _.");
            }

            if (VariantPresets.Read(operations, out _) is { } fault)
            {
                failures.Add($"Images:Variants:Presets:{preset} = '{operations}': {fault}");
            }
        }

        foreach (var entry in options.Eager)
        {
            var (preset, format) = VariantPresets.SplitEager(entry);
            if (!options.Presets.ContainsKey(preset) || format is not { } known || !ImageFormats.IsWritten(known))
            {
                failures.Add($"Images:Variants:Eager: '{entry}' is not a preset with an extension. Use one such as small.webp.");
            }
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
