using System.Collections.Frozen;
using MediaAspire.Core.Imaging;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Images.Variants;

/// <summary>The named chains of operations, and those that are made of every picture.</summary>
public sealed class VariantPresets
{
    /// <summary>Reads the presets of valid settings.</summary>
    public VariantPresets(IOptions<VariantOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);

        var presets = new Dictionary<string, VariantWish>(StringComparer.Ordinal);
        foreach (var (name, operations) in options.Value.Presets)
        {
            presets.Add(name, Read(operations, out var preset) is null ? preset! : throw new OptionsValidationException(
                VariantOptions.SectionName, typeof(VariantOptions), [$"The preset '{name}' is not valid."]));
        }

        All = presets.ToFrozenDictionary(StringComparer.Ordinal);
        Eager = [.. options.Value.Eager.Select(ReadEager)];
    }

    /// <summary>Gets the presets by name.</summary>
    public FrozenDictionary<string, VariantWish> All { get; }

    /// <summary>Gets the variants that are made of every picture as soon as it is stored.</summary>
    public IReadOnlyList<VariantWish> Eager { get; }

    /// <summary>Reads the operations of a preset.</summary>
    internal static string? Read(string operations, out VariantWish? preset) => VariantQuery.ReadPreset(operations, out preset)?.Message;

    /// <summary>Splits an entry of the eager presets, such as <c>small.webp</c>.</summary>
    internal static (string Preset, ImageFormat? Format) SplitEager(string entry)
    {
        var dot = entry.LastIndexOf('.');
        return dot < 0 ? (entry, null) : (entry[..dot], ImageFormats.Parse(entry[(dot + 1)..]));
    }

    private VariantWish ReadEager(string entry)
    {
        var (preset, format) = SplitEager(entry);
        return All[preset] with { Format = format };
    }
}
