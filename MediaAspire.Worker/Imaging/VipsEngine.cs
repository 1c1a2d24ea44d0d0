using MediaAspire.Core.Imaging;
using MediaAspire.Worker.Imaging.Protocol;

namespace MediaAspire.Worker.Imaging;

/// <summary>Pictures, and animations as GIF and WebP, by libvips in child processes. It writes APNG as well.</summary>
internal sealed class VipsEngine(ImageProcessPool pool) : IFormatEngine
{
    private const int MaxHashLength = 64;

    public bool Reads(ImageFormat format) => format is not ImageFormat.Apng && !ImageFormats.IsVideo(format);

    public bool Converts(ImageFormat source, ImageRequest request) => Reads(source) && !ImageFormats.IsVideo(request.Format);

    public Task<ImageOutcome<ImageDetails>> ProbeAsync(SourceFile source, ImageLimits limits, CancellationToken cancellationToken) =>
        CallAsync(new ProcessRequest(source.Path, source.Format, limits), cancellationToken);

    public Task<ImageOutcome<ImageDetails>> TransformAsync(
        SourceFile source, string destination, ImageRequest request, ImageLimits limits, CancellationToken cancellationToken) =>
        CallAsync(
            new ProcessRequest(source.Path, source.Format, limits) { Destination = Path.GetFullPath(destination), Variant = request },
            cancellationToken);

    private async Task<ImageOutcome<ImageDetails>> CallAsync(ProcessRequest request, CancellationToken cancellationToken)
    {
        var response = await pool.CallAsync(request, cancellationToken);
        return response.Details is { } details
            ? new ImageOutcome<ImageDetails>(Checked(details, request), null)
            : new ImageOutcome<ImageDetails>(null, response.Failure);
    }

    // The process read hostile bytes, so what it says is hostile too.
    private static ImageDetails Checked(ImageDetails details, ProcessRequest request)
    {
        var expected = request.Variant?.Format ?? request.Format;
        return details.Format == expected && details is { Width: > 0, Height: > 0, Frames: > 0 }
            && (details.ThumbHash?.Length ?? 0) <= MaxHashLength && (details.BlurHash?.Length ?? 0) <= MaxHashLength
            && (details.DominantColour?.Length ?? 0) <= MaxHashLength
            ? details
            : throw new IOException("An image process sent details that cannot be true.");
    }
}
