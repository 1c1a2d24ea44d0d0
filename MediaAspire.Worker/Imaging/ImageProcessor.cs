using MediaAspire.Core.ContentTypes;
using MediaAspire.Core.Imaging;

namespace MediaAspire.Worker.Imaging;

/// <summary>Detects the format of content and calls the engine of the format.</summary>
internal sealed class ImageProcessor(IEnumerable<IFormatEngine> engines) : IImageProcessor
{
    private readonly IFormatEngine[] _engines = [.. engines];

    public async Task<ImageOutcome<ImageDetails>> ProbeAsync(string path, ImageLimits limits, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(limits);
        var (source, failure) = await DetectAsync(path, limits, cancellationToken);
        if (source is null)
        {
            return new ImageOutcome<ImageDetails>(null, failure);
        }

        var engine = Array.Find(_engines, engine => engine.Reads(source.Format));
        return engine is null
            ? Disallowed($"The format '{ImageFormats.ExtensionOf(source.Format)}' is not supported.")
            : await engine.ProbeAsync(source, limits, cancellationToken);
    }

    public async Task<ImageOutcome<ImageDetails>> TransformAsync(
        string source, string destination, ImageRequest request, ImageLimits limits, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(limits);
        var (file, failure) = await DetectAsync(source, limits, cancellationToken);
        if (file is null)
        {
            return new ImageOutcome<ImageDetails>(null, failure);
        }

        var engine = ImageFormats.IsWritten(request.Format)
            ? Array.Find(_engines, engine => engine.Converts(file.Format, request))
            : null;
        return engine is null
            ? Disallowed(
                $"'{ImageFormats.ExtensionOf(file.Format)}' cannot be converted to '{ImageFormats.ExtensionOf(request.Format)}'.")
            : await engine.TransformAsync(file, destination, request, limits, cancellationToken);
    }

    private static async Task<(SourceFile? Source, ImageFailure? Failure)> DetectAsync(
        string path, ImageLimits limits, CancellationToken cancellationToken)
    {
        var head = new byte[TypeDetector.HeadBytes];
        int length;
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, useAsync: true);
        await using (file)
        {
            length = await file.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        }

        if (length == 0)
        {
            return (null, new ImageFailure("validate-file-empty", "The file is empty."));
        }

        return FormatDetector.Detect(head.AsSpan(0, length)) is not { } format
            ? (null, new ImageFailure("media-disallowed", "The content is not a picture, animation or video of a supported format."))
            : limits.FailureOf(format) is { } failure
                ? (null, failure)
                : (new SourceFile(Path.GetFullPath(path), format), null);
    }

    private static ImageOutcome<ImageDetails> Disallowed(string message) => new(null, new ImageFailure("media-disallowed", message));
}
