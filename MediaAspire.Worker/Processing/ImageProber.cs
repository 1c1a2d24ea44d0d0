using MediaAspire.Core.ContentTypes;
using MediaAspire.Core.Imaging;
using MediaAspire.Core.Media;
using MediaAspire.Core.Media.Processing;
using MediaAspire.Core.Media.Variants;
using MediaAspire.Core.ObjectStore;
using MediaAspire.Worker.Imaging;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Processing;

/// <summary>Reads the properties of pictures and videos in items, in the bounded processes of images.</summary>
/// <remarks>
/// Content that cannot be read, or is too large, does not fail the item: it can be downloaded all the same. The item's details name the
/// reason.
/// </remarks>
internal sealed class ImageProber(
    IObjectStore objects, IImageProcessor processor, ScratchDirectory scratch, IOptions<ProcessingWorkerOptions> options) : IMediaProber
{
    private static readonly ImageFailure s_tooLarge = new("validate-file-size", "The part is too large to look into.");

    public async Task<ProbedMedia> ProbeAsync(
        MediaItem item, IReadOnlyDictionary<int, DetectedType> types, CancellationToken cancellationToken)
    {
        if (item.Kind is not (MediaKind.Image or MediaKind.Background or MediaKind.PanoEquirect or MediaKind.PanoCubemap
            or MediaKind.Video))
        {
            return ProbedMedia.Nothing;
        }

        var found = new Dictionary<int, ProbedPart>();
        foreach (var part in item.Parts)
        {
            if (types.GetValueOrDefault(part.Number) is { Content: ContentSort.Image or ContentSort.Video })
            {
                found.Add(part.Number, await ProbeAsync(part, cancellationToken));
            }
        }

        var details = item.Parts.Select(part => found.GetValueOrDefault(part.Number)?.Details).OfType<ImageDetails>().ToList();

        // A poster or a preview may come before the video.
        var main = item.Kind == MediaKind.Video
            ? details.Find(each => ImageFormats.IsVideo(each.Format)) ?? details.FirstOrDefault()
            : details.FirstOrDefault();
        return new()
        {
            Dimensions = main is null ? null : (main.Width, main.Height),
            Duration = main?.Duration,
            Parts = found,
        };
    }

    private async Task<ProbedPart> ProbeAsync(MediaPart part, CancellationToken cancellationToken)
    {
        if (part.Size > options.Value.MaxProbedBytes)
        {
            return new(null, s_tooLarge);
        }

        using var copy = new TemporaryFile(scratch.NewFile());
        if (!await objects.TryCopyToFileAsync(part.ObjectKey, copy.Path, cancellationToken))
        {
            throw new IOException($"The object of part {part.Number} is gone.");
        }

        var outcome = await processor.ProbeAsync(copy.Path, MediaObjectSource.PartLimits, cancellationToken);
        return new(outcome.Value, outcome.Failure);
    }
}
