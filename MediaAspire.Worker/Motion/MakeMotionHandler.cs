using MediaAspire.Core.Ids;
using MediaAspire.Core.Images;
using MediaAspire.Core.Images.Motion;
using MediaAspire.Core.Imaging;
using MediaAspire.Worker.Imaging;
using MediaAspire.Worker.Queue;

namespace MediaAspire.Worker.Motion;

/// <summary>Makes the motion of an animation. Of two jobs at once, one stores it.</summary>
internal sealed partial class MakeMotionHandler(
    ImageCatalog catalog,
    ImageBlobs blobs,
    ImageMotions motions,
    IImageProcessor processor,
    ScratchDirectory scratch,
    ILogger<MakeMotionHandler> logger) : IJobHandler<MakeMotion>
{
    // The limits of uploads were checked when the image was stored.
    private static readonly ImageLimits s_limits = new() { AllowsAudio = true };

    public async Task HandleAsync(MakeMotion payload, JobContext job, CancellationToken cancellationToken)
    {
        var id = new ImageId(payload.ImageId);
        if (await catalog.FindAsync(id, cancellationToken) is not { Motion: null } image)
        {
            return;
        }

        using var source = new TemporaryFile(scratch.NewFile());
        using var made = new TemporaryFile(scratch.NewFile(".mp4"));
        await blobs.CopyToAsync(image.Blob, source.Path, cancellationToken);
        var (details, failure) = await processor.TransformAsync(
            source.Path, made.Path, new([], ImageFormat.Mp4), s_limits, cancellationToken);
        if (details is null)
        {
            LogFailed(id, failure!.Code, failure.Message);
            await motions.FailAsync(id, failure, cancellationToken);
            return;
        }

        await using var staged = await blobs.StageAsync(made.Path, ImageFormats.MediaTypeOf(ImageFormat.Mp4), cancellationToken);
        LogMade(id, await ImageMotions.CommitAsync(id, staged, cancellationToken));
    }

    [LoggerMessage(LogLevel.Trace, "The motion of image {Image} is made; this job stored it: {IsStored}")]
    private partial void LogMade(ImageId image, bool isStored);

    [LoggerMessage(LogLevel.Debug, "The motion of image {Image} cannot be made: {Code}: {Reason}")]
    private partial void LogFailed(ImageId image, string code, string reason);
}
