using NetVips;

namespace MediaAspire.Worker.Imaging.Child;

/// <summary>Edits every frame of an animation. libvips holds the frames one below the other.</summary>
internal static class Animation
{
    /// <summary>Cuts the frames out of the strip.</summary>
    public static Image[] Split(Image strip, PictureHeader header) =>
    [
        .. Enumerable.Range(0, header.Frames).Select(frame => strip.Crop(0, frame * header.Height, header.Width, header.Height)),
    ];

    /// <summary>Joins frames of the same size into a strip.</summary>
    public static Image Join(IReadOnlyList<Image> frames, PictureHeader header)
    {
        // One frame may be grey or opaque where another is not.
        var hasAlpha = frames.Any(frame => frame.HasAlpha());
        var isGrey = frames.All(frame => frame.Bands < 3);
        var alike = frames
            .Select(frame => isGrey || frame.Bands >= 3 ? frame : frame.Colourspace(Enums.Interpretation.Srgb))
            .Select(frame => !hasAlpha || frame.HasAlpha() ? frame : frame.AddAlpha());
        var delays = Enumerable.Range(0, header.Frames).Select(frame => frame < header.Delays.Count ? header.Delays[frame] : 100).ToArray();
        return Image.Arrayjoin([.. alike], across: 1).Mutate(strip =>
        {
            strip.Set(GValue.GIntType, "page-height", frames[0].Height);
            strip.Set(GValue.GIntType, "n-pages", frames.Count);
            strip.Set(GValue.ArrayIntType, "delay", delays);
            strip.Set(GValue.GIntType, "loop", header.Loops);
        });
    }
}
