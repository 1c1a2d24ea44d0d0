using MediaAspire.Core.Imaging;
using Microsoft.AspNetCore.WebUtilities;

namespace MediaAspire.Core.Images.Variants;

/// <summary>The query of a request for a variant: operations in their order, settings, <c>preset</c> and <c>format</c>.</summary>
/// <remarks>A sample: <c>crop=16x9&amp;resize=320&amp;quality=80</c>. An unknown parameter is a fault, so that none is ignored.</remarks>
public static class VariantQuery
{
    private const string Automatic = "auto";

    private static readonly IReadOnlyDictionary<string, VariantWish> s_noPresets = new Dictionary<string, VariantWish>();

    /// <summary>Reads the parameters of a query in their order.</summary>
    /// <param name="query">The query, with or without a question mark.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> ReadPairs(string? query)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        foreach (var pair in new QueryStringEnumerable(query))
        {
            pairs.Add(new(pair.DecodeName().ToString(), pair.DecodeValue().ToString()));
        }

        return pairs;
    }

    /// <summary>Reads the operations of a preset.</summary>
    /// <returns>The fault; <see langword="null"/> for none.</returns>
    public static VariantFault? ReadPreset(string operations, out VariantWish? preset) =>
        Read(ReadPairs(operations), extension: null, s_noPresets, out preset);

    /// <summary>Reads a request.</summary>
    /// <param name="pairs">The parameters in their order, without those of a signature.</param>
    /// <param name="extension">
    /// The extension of the path, without a dot; <c>auto</c> for the best format that the sender accepts; <see langword="null"/> for none.
    /// </param>
    /// <param name="presets">The presets by name.</param>
    /// <param name="wish">The request; <see langword="null"/> after a fault.</param>
    /// <returns>The fault; <see langword="null"/> for none.</returns>
    public static VariantFault? Read(
        IReadOnlyList<KeyValuePair<string, string>> pairs,
        string? extension,
        IReadOnlyDictionary<string, VariantWish> presets,
        out VariantWish? wish)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        ArgumentNullException.ThrowIfNull(presets);

        wish = null;
        var reading = new Reading(presets);
        foreach (var (name, value) in pairs)
        {
            if (reading.Add(name, value) is { } fault)
            {
                return fault;
            }
        }

        if ((extension is null ? null : reading.SetFormat(extension)) is { } unsupported)
        {
            return unsupported;
        }

        wish = reading.End();
        return null;
    }

    private sealed class Reading(IReadOnlyDictionary<string, VariantWish> presets)
    {
        private readonly List<ImageStep> _steps = [];
        private readonly HashSet<string> _settings = [];
        private ImageRequest _request = new([], ImageFormat.Webp);
        private ImageFormat? _format;
        private bool _hasAutomaticFormat;
        private bool _hasPresets;
        private bool _hasOthers;

        public VariantFault? Add(string name, string value)
        {
            if (name == "preset")
            {
                return AddPreset(value);
            }

            if (name == "format")
            {
                return _settings.Add(name) ? ReadFormat(value) : Twice(name);
            }

            _hasOthers = true;
            if (name == "identity")
            {
                return value is "" or "true" ? null : VariantFault.Invalid(name, value, "it without a value");
            }

            return StepGrammar.IsOperation(name) ? AddStep(name, value) : AddSetting(name, value);
        }

        /// <summary>Sets the format of the path's extension, which <c>format=auto</c> in the query goes before.</summary>
        public VariantFault? SetFormat(string extension)
        {
            if (_format is not null)
            {
                return new("operation-invalid", "The path has an extension, so 'format' can only be auto. Leave it out.");
            }

            return ReadFormat(extension);
        }

        public VariantWish End() => new(_request with { Steps = [.. _steps] }, _format)
        {
            HasAutomaticFormat = _hasAutomaticFormat,
            IsOfPresets = _hasPresets && !_hasOthers,
        };

        private VariantFault? AddStep(string name, string value)
        {
            if (StepGrammar.Read(name, value, out var step) is { } fault)
            {
                return fault;
            }

            _steps.Add(step!);
            return TooMany();
        }

        private VariantFault? AddSetting(string name, string value) => VariantSettings.Apply(name, value, ref _request) switch
        {
            SettingOutcome.Applied => _settings.Add(name) ? null : Twice(name),
            SettingOutcome.Invalid => VariantFault.Invalid(name, value, VariantSettings.RuleOf(name)),
            _ => new(
                "operation-unknown",
                $"\"{VariantFault.Shorten(name)}\" is not an operation. The operations are identity, preset, format, "
                    + string.Join(", ", VariantSettings.Names.Concat(StepGrammar.Names)) + "."),
        };

        private VariantFault? AddPreset(string name)
        {
            if (!presets.TryGetValue(name, out var preset))
            {
                return new("preset-unknown", $"There is no preset \"{VariantFault.Shorten(name)}\". Check the name, or configure it.");
            }

            _hasPresets = true;
            var hasQuality = preset.Request.Quality is not null || preset.Request.HasAutomaticQuality;
            _steps.AddRange(preset.Request.Steps);
            _request = _request with
            {
                Quality = hasQuality ? preset.Request.Quality : _request.Quality,
                HasAutomaticQuality = hasQuality ? preset.Request.HasAutomaticQuality : _request.HasAutomaticQuality,
                TakesOneFrame = preset.Request.TakesOneFrame || _request.TakesOneFrame,
                At = preset.Request.At ?? _request.At,
            };
            return TooMany();
        }

        private VariantFault? ReadFormat(string name)
        {
            if (name == Automatic)
            {
                _hasAutomaticFormat = true;
                return null;
            }

            if (ImageFormats.Parse(name) is not { } format || !ImageFormats.IsWritten(format))
            {
                return new(
                    "format-unsupported",
                    $"\"{VariantFault.Shorten(name)}\" is not a format of variants. Use auto, or one of "
                        + string.Join(", ", Enum.GetValues<ImageFormat>().Where(ImageFormats.IsWritten).Select(ImageFormats.ExtensionOf))
                        + ".");
            }

            _format = format;
            return null;
        }

        private VariantFault? TooMany() => _steps.Count > VariantKey.MaxSteps
            ? new("operation-invalid", $"The request has more than {VariantKey.MaxSteps} operations. Leave some out.") : null;

        private static VariantFault Twice(string name) =>
            new("operation-invalid", $"'{name}' is given more than once. Give it once.");
    }
}
