using MediaAspire.Core.Imaging;
using NetVips;

namespace MediaAspire.Worker.Imaging.Child;

/// <summary>The properties of a picture by the header of its file.</summary>
/// <param name="Width">The width as stored, in pixels.</param>
/// <param name="Height">The height of one frame as stored, in pixels.</param>
/// <param name="Frames">The number of frames.</param>
/// <param name="IsTurned">Whether the picture is shown with width and height exchanged.</param>
/// <param name="IsOriented">Whether the picture is shown otherwise than it is stored.</param>
/// <param name="HasAlpha">Whether the pixels have an alpha channel.</param>
/// <param name="Delays">The times of the frames, in milliseconds; empty for a picture.</param>
/// <param name="Loops">The number of times that the animation is played; 0 for endlessly.</param>
internal sealed record PictureHeader(
    int Width, int Height, int Frames, bool IsTurned, bool IsOriented, bool HasAlpha, IReadOnlyList<int> Delays, int Loops)
{
    private const string OrientationField = "orientation";

    public int ShownWidth => IsTurned ? Height : Width;

    public int ShownHeight => IsTurned ? Width : Height;

    /// <summary>Gets the playing time; <see langword="null"/> for a picture.</summary>
    public TimeSpan? Duration => Frames > 1 ? TimeSpan.FromMilliseconds(Delays.Sum(delay => (double)delay)) : null;

    /// <summary>Reads the header of a file that was opened with one frame.</summary>
    public static PictureHeader Read(Image image, ImageFormat format)
    {
        var frames = format is ImageFormat.Gif or ImageFormat.Webp && image.Contains("n-pages") && image.Get("n-pages") is int pages
            ? Math.Max(1, pages)
            : 1;
        var orientation = frames == 1 && PictureLoader.HasExifOrientation(format)
            && image.Contains(OrientationField) && image.Get(OrientationField) is int stated and >= 1 and <= 8
            ? stated
            : 1;
        var delays = frames > 1 && image.Contains("delay") && image.Get("delay") is int[] values
            ? values.Take(frames).Select(delay => Math.Clamp(delay, 0, 10 * 60_000)).ToArray()
            : [];
        var loops = frames > 1 && image.Contains("loop") && image.Get("loop") is int loop ? Math.Clamp(loop, 0, ushort.MaxValue) : 0;
        return new PictureHeader(
            image.Width, image.Height, frames, orientation >= 5, orientation > 1, image.HasAlpha(), delays, loops);
    }
}
