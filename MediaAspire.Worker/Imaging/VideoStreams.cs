namespace MediaAspire.Worker.Imaging;

/// <summary>The properties of a file by ffprobe: its first stream of pictures, and whether it has sound.</summary>
internal sealed record VideoStreams
{
    /// <summary>Gets the width as shown, after the rotation and the pixels' ratio, in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Gets the height as shown, in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Gets the index of the stream in the file.</summary>
    public required int Index { get; init; }

    /// <summary>Gets the number of frames; <see langword="null"/> when the file does not tell it.</summary>
    public int? Frames { get; init; }

    public TimeSpan? Duration { get; init; }

    public string? Codec { get; init; }

    public bool HasAlpha { get; init; }

    public bool HasAudio { get; init; }

    /// <summary>Gets a value indicating whether the file says by which matrix its colours were coded.</summary>
    public bool HasColourMatrix { get; init; }
}
