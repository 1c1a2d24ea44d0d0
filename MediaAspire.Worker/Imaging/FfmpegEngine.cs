using MediaAspire.Core.Imaging;

namespace MediaAspire.Worker.Imaging;

/// <summary>Reads videos and animated PNGs, and makes videos, by ffmpeg. Thread-safe.</summary>
/// <remarks>Pictures of a video are made of one of its frames, by the engine of pictures.</remarks>
internal sealed class FfmpegEngine(
    VideoProbe probe, PosterFrames posters, VideoRenderer renderer, VipsEngine pictures, ScratchDirectory scratch) : IFormatEngine
{
    // A frame is checked as a part of its video, and is a picture of any size after that.
    private static readonly ImageLimits s_frame = new() { Picture = new(int.MaxValue, int.MaxValue, long.MaxValue, 1) };
    private static readonly ImageLimits s_animation = s_frame with { Animation = s_frame.Picture with { Frames = int.MaxValue } };

    public bool Reads(ImageFormat format) => FfmpegArguments.Reads(format);

    public bool Converts(ImageFormat source, ImageRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Reads(source) || (source is ImageFormat.Gif or ImageFormat.Webp && ImageFormats.IsVideo(request.Format));
    }

    public async Task<ImageOutcome<ImageDetails>> ProbeAsync(SourceFile source, ImageLimits limits, CancellationToken cancellationToken)
    {
        var (streams, failure) = await CheckAsync(source, limits, cancellationToken);
        if (streams is null)
        {
            return new(null, failure);
        }

        // Its look is that of its poster. A video without a frame that can be decoded is refused here.
        using var frame = new TemporaryFile(scratch.NewFile(".png"));
        if (await posters.WriteAsync(source.Path, source.Format, streams, at: null, frame.Path, cancellationToken) is { } undecodable)
        {
            return new(null, undecodable);
        }

        var poster = await pictures.ProbeAsync(new(frame.Path, ImageFormat.Png), s_frame, cancellationToken);
        return poster.Value is not { } look ? poster : new(
            Describe(source.Format, streams) with
            {
                ThumbHash = look.ThumbHash,
                BlurHash = look.BlurHash,
                DominantColour = look.DominantColour,
            },
            null);
    }

    public async Task<ImageOutcome<ImageDetails>> TransformAsync(
        SourceFile source, string destination, ImageRequest request, ImageLimits limits, CancellationToken cancellationToken)
    {
        if (source.Format == ImageFormat.Webp)
        {
            return await UnpackAsync(source, destination, request, limits, cancellationToken);
        }

        var (streams, failure) = await CheckAsync(source, limits, cancellationToken);
        if (streams is null)
        {
            return new(null, failure);
        }

        return IsRendered(source.Format, streams, request)
            ? await RenderAsync(source, streams, destination, request, limits, cancellationToken)
            : await TakeFrameAsync(source, streams, destination, request, cancellationToken);
    }

    // Videos and animations are rendered, frame by frame; all others are pictures of one frame.
    private static bool IsRendered(ImageFormat source, VideoStreams streams, ImageRequest request) =>
        ImageFormats.IsVideo(request.Format)
        || (request.Format is ImageFormat.Apng or ImageFormat.Gif or ImageFormat.Webp && !request.TakesOneFrame
            && (ImageFormats.IsVideo(source) || streams.Frames > 1));

    private static ImageDetails Describe(ImageFormat format, VideoStreams streams) => new()
    {
        Format = format,
        Width = streams.Width,
        Height = streams.Height,
        Frames = streams.Frames ?? 1,
        Duration = streams.Duration,
        HasAlpha = streams.HasAlpha,
        HasAudio = streams.HasAudio,
        VideoCodec = ImageFormats.IsVideo(format) ? streams.Codec : null,
    };

    private async Task<(VideoStreams? Streams, ImageFailure? Failure)> CheckAsync(
        SourceFile source, ImageLimits limits, CancellationToken cancellationToken)
    {
        var (streams, failure) = await probe.ProbeAsync(source.Path, source.Format, cancellationToken);
        if (streams is null)
        {
            return (null, failure);
        }

        failure = limits.FailureOf(source.Format, streams.Width, streams.Height, streams.Frames ?? 1)
            ?? (streams.HasAudio && !limits.AllowsAudio ? VideoFailures.Audio : null);
        return failure is null ? (streams, null) : (null, failure);
    }

    private async Task<ImageOutcome<ImageDetails>> RenderAsync(
        SourceFile source,
        VideoStreams streams,
        string destination,
        ImageRequest request,
        ImageLimits limits,
        CancellationToken cancellationToken)
    {
        if (ImageFormats.IsVideo(request.Format) && streams.Frames == 1 && !ImageFormats.IsVideo(source.Format))
        {
            return new(null, VideoFailures.NoMotion);
        }

        if (await renderer.RenderAsync(source.Path, source.Format, streams, destination, request, limits, cancellationToken) is { } failure)
        {
            return new(null, failure);
        }

        var made = new SourceFile(destination, request.Format);
        if (!Reads(request.Format))
        {
            var described = await pictures.ProbeAsync(made, s_animation, cancellationToken);
            return described.Value is { } details ? new(details with { ThumbHash = null, BlurHash = null }, null) : described;
        }

        var (result, unreadable) = await probe.ProbeAsync(destination, request.Format, cancellationToken);
        return result is null ? new(null, unreadable) : new(Describe(request.Format, result), null);
    }

    // ffmpeg does not read animated WebP. An APNG has its frames and times without a loss.
    private async Task<ImageOutcome<ImageDetails>> UnpackAsync(
        SourceFile source, string destination, ImageRequest request, ImageLimits limits, CancellationToken cancellationToken)
    {
        using var frames = new TemporaryFile(scratch.NewFile(".apng"));
        var unpacked = await pictures.TransformAsync(source, frames.Path, new([], ImageFormat.Apng), limits, cancellationToken);
        return unpacked.Value switch
        {
            null => unpacked,
            { Frames: 1 } => new(null, VideoFailures.NoMotion),
            _ => await TransformAsync(new(frames.Path, ImageFormat.Apng), destination, request, limits, cancellationToken),
        };
    }

    private async Task<ImageOutcome<ImageDetails>> TakeFrameAsync(
        SourceFile source, VideoStreams streams, string destination, ImageRequest request, CancellationToken cancellationToken)
    {
        // An animation as a picture is its first frame; a video begins with black too often.
        var at = request.At ?? (ImageFormats.IsVideo(source.Format) ? null : TimeSpan.Zero);
        using var frame = new TemporaryFile(scratch.NewFile(".png"));
        return await posters.WriteAsync(source.Path, source.Format, streams, at, frame.Path, cancellationToken) is { } failure
            ? new(null, failure)
            : await pictures.TransformAsync(new(frame.Path, ImageFormat.Png), destination, request, s_frame, cancellationToken);
    }
}
