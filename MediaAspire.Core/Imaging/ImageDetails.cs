namespace MediaAspire.Core.Imaging;

/// <summary>The properties of a picture, an animation or a video.</summary>
public sealed record ImageDetails
{
    public required ImageFormat Format { get; init; }

    /// <summary>Gets the width as shown, after the orientation that the file asks for, in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Gets the height as shown, in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Gets the number of frames of an animation or a video; 1 for a picture.</summary>
    public int Frames { get; init; } = 1;

    /// <summary>Gets the playing time of an animation or a video; <see langword="null"/> for a picture.</summary>
    public TimeSpan? Duration { get; init; }

    public bool HasAlpha { get; init; }

    /// <summary>Gets a value indicating whether a video has sound.</summary>
    public bool HasAudio { get; init; }

    /// <summary>Gets the codec of a video's pictures, as ffprobe names it; <see langword="null"/> for others.</summary>
    public string? VideoCodec { get; init; }

    /// <summary>Gets the ThumbHash, a preview of about 25 bytes, in Base64; <see langword="null"/> where it was not computed.</summary>
    public string? ThumbHash { get; init; }

    /// <summary>Gets the BlurHash, a preview as a text of about 30 characters.</summary>
    public string? BlurHash { get; init; }

    /// <summary>Gets the dominant colour, as <c>#rrggbb</c>.</summary>
    public string? DominantColour { get; init; }
}
