using MediaAspire.Core.Imaging;

namespace MediaAspire.Worker.Imaging;

/// <summary>The failures of videos.</summary>
internal static class VideoFailures
{
    public static ImageFailure NoPictures { get; } = new("image-unreadable", "The file has no video that can be shown.");

    public static ImageFailure Audio { get; } = new(
        "validate-audio",
        "The video has sound, which is not accepted here. Upload it without sound, or set Images:Limits:AllowAudio to true.");

    public static ImageFailure NoMotion { get; } = new("media-disallowed", "A picture of one frame has no motion to make a video of.");

    public static ImageFailure TooManyFrames { get; } = new("validate-frames", "The file has too many frames.");

    /// <summary>Creates the failure of a program.</summary>
    public static ImageFailure Of(ProgramResult run) => run.End switch
    {
        ProgramEnd.TimedOut => new("processing-timeout", "The work on the video took too long."),
        ProgramEnd.TooMuchOutput => new("image-unreadable", "The video is damaged, or describes itself at too great a length."),
        _ => new("image-unreadable", "The video is damaged, needs too much memory, or has a codec that is not supported."),
    };
}
