using MediaAspire.Core.Imaging;

namespace MediaAspire.Worker.Imaging;

/// <summary>Reads the details of videos and animations by ffprobe. Thread-safe.</summary>
internal sealed class VideoProbe(BoundedProgram programs)
{
    private const string Fields =
        "stream=index,codec_type,codec_name,width,height,nb_frames,avg_frame_rate,duration,pix_fmt,color_space,sample_aspect_ratio"
        + ":stream_tags=DURATION:stream_side_data=rotation:stream_disposition=attached_pic:format=duration";

    /// <summary>Describes a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="format">Its format, by its content.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<(VideoStreams? Streams, ImageFailure? Failure)> ProbeAsync(
        string path, ImageFormat format, CancellationToken cancellationToken)
    {
        // An APNG tells its playing time nowhere but in its frames.
        var fields = format == ImageFormat.Apng ? Fields + ":packet=duration_time" : Fields;
        var run = await RunAsync(path, format, ["-show_entries", fields], cancellationToken);
        if (run.End == ProgramEnd.TooMuchOutput)
        {
            return (null, VideoFailures.TooManyFrames);
        }

        if (!run.IsSuccess)
        {
            return (null, VideoFailures.Of(run));
        }

        if (FfprobeOutput.Parse(run.Output) is not { } streams)
        {
            return (null, VideoFailures.NoPictures);
        }

        if (streams.Frames is null)
        {
            streams = streams with { Frames = await CountAsync(path, format, streams.Index, cancellationToken) };
        }

        return streams.Frames is > 0 ? (streams, null) : (null, VideoFailures.NoPictures);
    }

    // A WebM and an MP4 in fragments have no table of their frames.
    private async Task<int?> CountAsync(string path, ImageFormat format, int index, CancellationToken cancellationToken)
    {
        var run = await RunAsync(
            path, format, ["-select_streams", $"{index}", "-count_packets", "-show_entries", "stream=nb_read_packets"], cancellationToken);
        return run.IsSuccess ? FfprobeOutput.ParsePackets(run.Output) : null;
    }

    private Task<ProgramResult> RunAsync(string path, ImageFormat format, string[] wanted, CancellationToken cancellationToken) =>
        programs.RunFfprobeAsync(
            [.. FfmpegArguments.Common, .. FfmpegArguments.InputOf(format), .. wanted, "-of", "json=c=1", "-i", "file:" + path],
            path,
            cancellationToken);
}
