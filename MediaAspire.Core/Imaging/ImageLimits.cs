namespace MediaAspire.Core.Imaging;

/// <summary>The limits of what is read. They are checked before any pixel is.</summary>
public sealed record ImageLimits
{
    /// <summary>Gets the limits of pictures.</summary>
    public FrameLimits Picture { get; init; } = new(10_000, 10_000, 40_000_000, 1);

    /// <summary>Gets the limits of animations.</summary>
    public FrameLimits Animation { get; init; } = new(1_920, 1_920, 2_073_600, 900);

    /// <summary>Gets the limits of videos.</summary>
    public FrameLimits Video { get; init; } = new(3_840, 3_840, 8_294_400, 900);

    /// <summary>Gets a value indicating whether videos are accepted.</summary>
    public bool AllowsVideo { get; init; } = true;

    /// <summary>Gets a value indicating whether videos may have sound.</summary>
    public bool AllowsAudio { get; init; }

    /// <summary>Gets the formats that are accepted; empty for all.</summary>
    public IReadOnlyList<ImageFormat> Formats { get; init; } = [];
}

/// <summary>Limits of frames.</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Area">Pixels of one frame.</param>
/// <param name="Frames">Number.</param>
public sealed record FrameLimits(int Width, int Height, long Area, int Frames);
