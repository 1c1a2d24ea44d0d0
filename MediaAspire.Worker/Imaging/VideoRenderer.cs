using MediaAspire.Core.Imaging;
using MediaAspire.Worker.Imaging.Child;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Imaging;

/// <summary>Makes videos and animations out of videos and animations, by ffmpeg. Thread-safe.</summary>
internal sealed class VideoRenderer(BoundedProgram programs, IOptions<VideoOptions> options)
{
    /// <summary>Renders the frames of a file, with the steps applied.</summary>
    /// <param name="source">The file.</param>
    /// <param name="format">Its format.</param>
    /// <param name="streams">What is known of it.</param>
    /// <param name="destination">The file to write.</param>
    /// <param name="request">What to make: a video, or an animation. An animation of a video is a preview of it.</param>
    /// <param name="limits">The limits of the result.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The failure; <see langword="null"/> for a success.</returns>
    public async Task<ImageFailure?> RenderAsync(
        string source,
        ImageFormat format,
        VideoStreams streams,
        string destination,
        ImageRequest request,
        ImageLimits limits,
        CancellationToken cancellationToken)
    {
        var isVideo = ImageFormats.IsVideo(request.Format);
        var isPreview = !isVideo && ImageFormats.IsVideo(format);
        var (filters, frames) = (new VideoFilters(streams), Math.Min(streams.Frames ?? int.MaxValue, limits.Video.Frames));
        IEnumerable<ImageStep> steps = request.Steps;
        if (isPreview)
        {
            // A frame may last for years, which would be filled with copies of it.
            frames = (int)Math.Ceiling(options.Value.PreviewDuration.TotalSeconds * options.Value.PreviewFrameRate);
            filters.Add($"fps={options.Value.PreviewFrameRate},trim=end_frame={frames}");
            steps = steps.Prepend(new ImageStep.Resize(options.Value.PreviewSize));
        }

        var plan = PixelPlan.Make(streams.Width, streams.Height, steps);
        var (width, height) = (plan.Sizes.Max(size => size.Width), plan.Sizes.Max(size => size.Height));
        if (limits.FailureOf(ImageFormat.Mp4, width, height, frames: 1) is { } tooLarge)
        {
            return tooLarge;
        }

        filters.Add(plan, streams.HasAlpha);
        VideoEncoding.AddFilters(filters, request.Format, streams.HasAlpha, (long)frames * plan.Width * plan.Height);
        var hasAudio = isVideo && streams.HasAudio && limits.AllowsAudio;
        var run = await programs.RunFfmpegAsync(
            [
                "-nostdin", .. FfmpegArguments.Common, "-threads", "1", .. FfmpegArguments.InputOf(format),
                .. PartOf(streams, request.At, isPreview), "-i", "file:" + source,
                "-map", $"0:{streams.Index}", .. (string[])(hasAudio ? ["-map", "0:a:0"] : []), "-map_metadata", "-1", "-map_chapters",
                "-1",
                "-vf", filters.Graph, "-fps_mode", "vfr", "-frames:v", $"{frames}", "-threads", "1", "-filter_threads", "1",
                .. VideoEncoding.ArgumentsOf(request.Format, request.Quality, hasAudio),
                "-fflags", "+bitexact", "-flags:v", "+bitexact", "-y", "file:" + destination,
            ],
            source,
            destination,
            isPreview ? options.Value.Timeout : options.Value.TranscodeTimeout,
            cancellationToken);
        return run.IsSuccess && new FileInfo(destination) is { Exists: true, Length: > 0 } ? null : VideoFailures.Of(run);
    }

    private string[] PartOf(VideoStreams streams, TimeSpan? at, bool isPreview)
    {
        var longest = isPreview ? options.Value.PreviewDuration : options.Value.MaxDuration;

        // The beginning of a long video is often a title.
        var start = at ?? (isPreview && streams.Duration > longest * 2 ? streams.Duration.Value / 10 : TimeSpan.Zero);
        string[] length = ["-t", FfmpegArguments.Seconds(longest)];
        return start > TimeSpan.Zero ? ["-ss", FfmpegArguments.Seconds(start), .. length] : length;
    }
}
