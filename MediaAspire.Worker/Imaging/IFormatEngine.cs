using MediaAspire.Core.Imaging;

namespace MediaAspire.Worker.Imaging;

/// <summary>Reads and writes some of the formats, in bounded processes. Thread-safe.</summary>
/// <remarks>
/// The caller detected the format by the content and found it among those that the limits accept. Dimensions and frames are the engine's
/// to check (<see cref="ImageLimits.FailureOf(ImageFormat, int, int, int)"/>), before it reads any pixel.
/// </remarks>
internal interface IFormatEngine
{
    /// <summary>Determines whether the engine describes content of a format.</summary>
    bool Reads(ImageFormat format);

    /// <summary>Determines whether the engine makes one format from another. The first engine that says so is used.</summary>
    bool Converts(ImageFormat source, ImageRequest request);

    /// <summary>Describes content, as <see cref="IImageProcessor.ProbeAsync"/> does.</summary>
    Task<ImageOutcome<ImageDetails>> ProbeAsync(SourceFile source, ImageLimits limits, CancellationToken cancellationToken);

    /// <summary>Makes a variant, as <see cref="IImageProcessor.TransformAsync"/> does.</summary>
    Task<ImageOutcome<ImageDetails>> TransformAsync(
        SourceFile source, string destination, ImageRequest request, ImageLimits limits, CancellationToken cancellationToken);
}

/// <summary>A file and its format.</summary>
/// <param name="Path">An absolute path.</param>
/// <param name="Format">The format by the content.</param>
internal sealed record SourceFile(string Path, ImageFormat Format);
