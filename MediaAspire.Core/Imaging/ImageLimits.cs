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

    /// <summary>Checks a format before its content is read.</summary>
    /// <returns><see langword="null"/> if it is accepted.</returns>
    public ImageFailure? FailureOf(ImageFormat format)
    {
        if (ImageFormats.IsVideo(format) && !AllowsVideo)
        {
            return new ImageFailure("video-disabled", "Videos are not accepted.");
        }

        return Formats.Count == 0 || Formats.Contains(format)
            ? null
            : new ImageFailure("media-disallowed", $"The format '{ImageFormats.ExtensionOf(format)}' is not accepted.");
    }

    /// <summary>Checks the dimensions that a header states.</summary>
    /// <param name="format">The format.</param>
    /// <param name="width">Pixels of one frame.</param>
    /// <param name="height">Pixels of one frame.</param>
    /// <param name="frames">The number of frames; 1 for a picture.</param>
    /// <returns><see langword="null"/> if they are within the limits.</returns>
    public ImageFailure? FailureOf(ImageFormat format, int width, int height, int frames)
    {
        var (limits, kind) = ImageFormats.IsVideo(format) ? (Video, "videos")
            : frames > 1 ? (Animation, "animations")
            : (Picture, "pictures");
        if (width > limits.Width)
        {
            return new ImageFailure("validate-width", $"The width is {width} pixels; the limit of {kind} is {limits.Width}.");
        }

        if (height > limits.Height)
        {
            return new ImageFailure("validate-height", $"The height is {height} pixels; the limit of {kind} is {limits.Height}.");
        }

        if ((long)width * height > limits.Area)
        {
            return new ImageFailure(
                "validate-area", $"The area is {(long)width * height} pixels; the limit of {kind} is {limits.Area}.");
        }

        return frames > limits.Frames
            ? new ImageFailure("validate-frames", $"The number of frames is {frames}; the limit of {kind} is {limits.Frames}.")
            : null;
    }
}

/// <summary>Limits of frames.</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Area">Pixels of one frame.</param>
/// <param name="Frames">Number.</param>
public sealed record FrameLimits(int Width, int Height, long Area, int Frames);
