using MediaAspire.Core.Images.Variants;
using MediaAspire.Core.Imaging;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Images.Imgproxy;

/// <summary>Reads addresses in imgproxy's form. Options that have no equivalent here are refused, and none is ignored.</summary>
public sealed class ImgproxyParser(IOptions<ImgproxyOptions> options, TimeProvider time)
{
    private const string BestFormat = "best";

    private readonly ImgproxyPresets _presets = new(options.Value);

    /// <summary>Reads an address.</summary>
    /// <param name="path">The address.</param>
    /// <param name="request">The request; <see langword="null"/> after a fault.</param>
    /// <returns>The fault; <see langword="null"/> for none.</returns>
    public VariantFault? Read(ImgproxyPath path, out ImgproxyRequest? request)
    {
        ArgumentNullException.ThrowIfNull(path);

        request = null;
        var reading = new ImgproxyReading();
        if (_presets.ApplyDefault(reading) is { } broken)
        {
            return broken;
        }

        var (segments, rest) = path.SplitOptions(options.Value.OnlyPresets);
        foreach (var segment in segments)
        {
            var fault = options.Value.OnlyPresets
                ? segment.Split(':').Select(name => _presets.Apply(name, reading, [])).FirstOrDefault(found => found is not null)
                : reading.Apply(segment, _presets, []);
            if (fault is not null)
            {
                return fault;
            }
        }

        if (ImgproxyPath.ReadSource(rest, out var source, out var extension) is { } unreadable)
        {
            return unreadable;
        }

        if ((extension is null || reading.IsRaw ? null : reading.SetFormat(extension)) is { } unknown)
        {
            return unknown;
        }

        if (reading.ExpiresAt is { } expiresAt && expiresAt <= time.GetUtcNow())
        {
            return new("imgproxy-url-expired", "The address has expired. Ask for a new one.", VariantFaultKind.NotFound);
        }

        return reading.End(source, out request);
    }

    internal static (ImageFormat? Format, bool IsBest)? ReadFormat(string name) =>
        name == BestFormat ? (null, true)
        : ImageFormats.Parse(name) is { } format && ImageFormats.IsWritten(format) ? (format, false) : null;
}
