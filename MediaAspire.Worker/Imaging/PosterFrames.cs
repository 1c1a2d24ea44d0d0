using MediaAspire.Core.Imaging;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Imaging;

/// <summary>Takes single frames out of videos, as PNG. Thread-safe.</summary>
internal sealed class PosterFrames(BoundedProgram programs, IOptions<VideoOptions> options)
{
    // A frame with more dark pixels than this, in percent, is black.
    private const int DarkPercent = 95;

    // The candidates that the most typical frame is chosen of, which wait in memory.
    private const int Candidates = 8;

    private static readonly TimeSpan s_longestIntroduction = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_longestSearch = TimeSpan.FromMinutes(2);

    private static readonly string s_notBlack =
        $"blackframe=amount=0:threshold=28,metadata=mode=select:key=lavfi.blackframe.pblack:value={DarkPercent}:function=less";

    /// <summary>Writes the frame that represents a video, or the one at a time.</summary>
    /// <param name="source">The video.</param>
    /// <param name="format">Its format.</param>
    /// <param name="streams">What is known of it.</param>
    /// <param name="at">The time; <see langword="null"/> for a frame of its beginning that is not black.</param>
    /// <param name="destination">The file to write.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The failure; <see langword="null"/> for a success.</returns>
    public async Task<ImageFailure?> WriteAsync(
        string source, ImageFormat format, VideoStreams streams, TimeSpan? at, string destination, CancellationToken cancellationToken)
    {
        ProgramResult? run = null;
        foreach (var (input, filter, onlyFirst) in PlansOf(streams, at))
        {
            run = await programs.RunFfmpegAsync(
                ArgumentsOf(source, format, streams, input, filter, onlyFirst, destination),
                source,
                destination,
                options.Value.Timeout,
                cancellationToken);

            // Without a frame that passes the filter ffmpeg succeeds, and writes nothing.
            if (run.IsSuccess && new FileInfo(destination).Length > 0)
            {
                return null;
            }
        }

        return VideoFailures.Of(run!);
    }

    private static IEnumerable<(string[] Input, string Filter, bool OnlyFirst)> PlansOf(VideoStreams streams, TimeSpan? at)
    {
        if (at is { } wanted)
        {
            yield return (["-ss", FfmpegArguments.Seconds(wanted)], "", OnlyFirst: true);

            // After the end: the last frame, which overwrites those before it.
            yield return (["-sseof", "-1"], "", OnlyFirst: false);
        }
        else
        {
            // A title often fades in; a tenth of the playing time is mostly after it.
            var start = streams.Duration / 10 is { } tenth && tenth < s_longestIntroduction ? tenth : s_longestIntroduction;
            yield return (["-ss", FfmpegArguments.Seconds(start), "-t", "2"], $"{s_notBlack},thumbnail={Candidates},", OnlyFirst: true);
            yield return (
                ["-skip_frame", "nokey", "-t", FfmpegArguments.Seconds(s_longestSearch)], $"{s_notBlack},", OnlyFirst: true);
        }

        yield return ([], "", OnlyFirst: true);
    }

    private static string[] ArgumentsOf(
        string source, ImageFormat format, VideoStreams streams, string[] input, string filter, bool onlyFirst, string destination)
    {
        var filters = new VideoFilters(streams);
        string[] count = onlyFirst ? ["-frames:v", "1"] : [];
        return
        [
            "-nostdin", .. FfmpegArguments.Common, "-threads", "1", .. FfmpegArguments.InputOf(format), .. input, "-i", "file:" + source,
            "-map", $"0:{streams.Index}", "-vf", $"{filter}{filters.Graph},format=rgb24", .. count, "-threads", "1",
            "-filter_threads", "1", "-c:v", "png", "-compression_level", "1", "-f", "image2", "-update", "1", "-y", "file:" + destination,
        ];
    }
}
