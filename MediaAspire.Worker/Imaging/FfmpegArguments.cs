using System.Globalization;
using MediaAspire.Core.Imaging;

namespace MediaAspire.Worker.Imaging;

/// <summary>The arguments that every call of ffmpeg and ffprobe has.</summary>
internal static class FfmpegArguments
{
    // Of several hundred decoders in ffmpeg, those that videos of browsers, phones and cameras need: what is not here is never run.
    private const string Codecs =
        "h264,hevc,vp8,vp9,libdav1d,av1,mpeg4,mpeg2video,mpeg1video,h263,mjpeg,prores,dnxhd,png,apng,gif,theora,qtrle,"
        + "aac,mp3float,mp3,opus,vorbis,flac,alac,ac3,eac3,amrnb,amrwb,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_f32le,pcm_u8,"
        + "pcm_mulaw,pcm_alaw,adpcm_ima_qt,mov_text,subrip,webvtt,ass,ssa";

    private const string MaxStreams = "64";

    /// <summary>Gets the options of both programs, which come before those of the input.</summary>
    /// <remarks>
    /// No protocol reaches the network. Playlists (HLS, concat, DASH) name other files: naming the demuxer keeps ffmpeg from taking the
    /// content for one.
    /// </remarks>
    public static IReadOnlyList<string> Common { get; } = ["-hide_banner", "-v", "error", "-protocol_whitelist", "file,pipe"];

    /// <summary>Gets the options of the content's demuxer, which come before <c>-i</c>.</summary>
    public static IReadOnlyList<string> InputOf(ImageFormat format) =>
        ["-codec_whitelist", Codecs, "-max_streams", MaxStreams, "-f", DemuxerOf(format)];

    /// <summary>Determines whether ffmpeg reads a format; the library of pictures reads the others.</summary>
    public static bool Reads(ImageFormat format) => format is ImageFormat.Apng || ImageFormats.IsVideo(format);

    /// <summary>Writes a time as ffmpeg reads it: seconds.</summary>
    public static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.######", CultureInfo.InvariantCulture);

    private static string DemuxerOf(ImageFormat format) => format switch
    {
        ImageFormat.Mp4 or ImageFormat.Mov => "mov",
        ImageFormat.Webm => "matroska",
        ImageFormat.Apng => "apng",
        ImageFormat.Gif => "gif",
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "ffmpeg does not read this format."),
    };
}
