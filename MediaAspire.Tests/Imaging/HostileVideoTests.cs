using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Hashing;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MediaAspire.Core.Imaging;
using MediaAspire.Worker.Imaging;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Imaging;

/// <summary>Files that want ffmpeg to read others, to call somebody, to work without end, or to take all memory.</summary>
[Collection(VideoFiles.Collection)]
public sealed class HostileVideoTests(VideoFiles files)
{
    // Generous, because the machine may be busy; the work itself takes a second.
    private static readonly TimeSpan s_inTime = TimeSpan.FromMinutes(1);

    private static readonly ImageFormat[] s_formats = [ImageFormat.Mp4, ImageFormat.Mov, ImageFormat.Webm, ImageFormat.Apng];

    [Fact]
    public async Task Playlists_read_no_other_file_and_call_nobody()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var host = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/x.ts";
        string[] playlists =
        [
            $"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{host}\n#EXT-X-ENDLIST\n",
            $"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile://{files.Talk}\n#EXT-X-ENDLIST\n",
            $"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10.0,\nconcat:{host}|file://{files.Talk}\n#EXT-X-ENDLIST\n",
            $"ffconcat version 1.0\nfile {files.Talk}\n",
            $"ffconcat version 1.0\nfile {host}\n",
            $"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=video {((IPEndPoint)listener.LocalEndpoint).Port} RTP/AVP 96\n",
            $"<MPD><Period><AdaptationSet><Representation><BaseURL>{host}</BaseURL></Representation></AdaptationSet></Period></MPD>",
            $"file '{files.Talk}'\n",
        ];
        foreach (var playlist in playlists)
        {
            foreach (var format in s_formats)
            {
                var (streams, failure) = await files.Probe.ProbeAsync(
                    files.Write("mp4", playlist), format, CancellationToken.None).WaitAsync(s_inTime);

                Assert.Equal((null, "image-unreadable"), (streams, failure?.Code));
            }
        }

        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task A_track_whose_data_are_in_another_file_is_not_read()
    {
        var plain = await VideoFiles.MakeAsync($"-i {files.Clip} -c:v libx264 -preset ultrafast -pix_fmt yuv420p", files.New("mp4"));
        await EndsAsync(plain, ImageFormat.Mp4, mustPass: true);

        var bytes = WithExternalData(await File.ReadAllBytesAsync(plain), plain);

        await EndsAsync(files.Write("mp4", bytes), ImageFormat.Mp4, mustFail: true);
    }

    [Fact]
    public async Task Truncated_files_end_in_time()
    {
        foreach (var (path, format) in new[]
            {
                (files.Talk, ImageFormat.Mp4), (files.Fragments, ImageFormat.Mp4), (files.Clip, ImageFormat.Webm),
                (files.Ball, ImageFormat.Apng),
            })
        {
            var bytes = await File.ReadAllBytesAsync(path);
            foreach (var share in new[] { 0.01, 0.3, 0.9 })
            {
                await EndsAsync(files.Write("mp4", bytes.AsSpan(0, (int)(bytes.Length * share))), format);
            }
        }

        // The table of frames is at its end.
        var talk = await File.ReadAllBytesAsync(files.Talk);
        await EndsAsync(files.Write("mp4", talk.AsSpan(0, talk.Length / 2)), ImageFormat.Mp4, mustFail: true);
    }

    [Fact]
    public async Task Damaged_files_end_in_time()
    {
        var random = new Random(20261130);
        (string Path, ImageFormat Format)[] videos =
            [(files.Talk, ImageFormat.Mp4), (files.Clip, ImageFormat.Webm), (files.Ball, ImageFormat.Apng)];
        foreach (var (path, format) in videos)
        {
            for (var round = 0; round < Rounds; round++)
            {
                var bytes = await File.ReadAllBytesAsync(path);
                for (var flip = 0; flip < 1 + random.Next(20); flip++)
                {
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                }

                await EndsAsync(files.Write("mp4", bytes), format);
            }
        }
    }

    [Fact]
    public async Task A_picture_of_3600_megapixels_is_refused_before_a_pixel_is_read_and_takes_no_memory_after()
    {
        var bytes = await File.ReadAllBytesAsync(files.Ball);
        var header = bytes.AsSpan(12, 17);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], 60_000);
        BinaryPrimitives.WriteInt32BigEndian(header[8..], 60_000);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(29), Crc32.HashToUInt32(header));

        await EndsAsync(files.Write("apng", bytes), ImageFormat.Apng, mustFail: true);
    }

    [Fact]
    public async Task A_file_of_many_streams_ends_in_time()
    {
        var path = files.New("mp4");
        await VideoFiles.MakeAsync($"-i {files.Talk} {string.Concat(Enumerable.Repeat("-map 0:v ", 200))} -c copy", path);

        await EndsAsync(path, ImageFormat.Mp4);
    }

    [Fact]
    public async Task A_file_that_plays_for_years_gives_a_short_preview_and_a_short_video()
    {
        // Twenty frames, one every 28 hours.
        var path = files.New("mp4");
        await VideoFiles.MakeAsync(
            $"-i {files.Clip} -vf settb=1,setpts=N*100000 -fps_mode passthrough -enc_time_base -1 -video_track_timescale 1 "
                + "-c:v libx264 -preset ultrafast",
            path);
        var streams = await files.DescribeAsync(path, ImageFormat.Mp4);
        Assert.True(streams.Duration > TimeSpan.FromDays(20), $"It plays for {streams.Duration}.");

        foreach (var format in new[] { ImageFormat.Gif, ImageFormat.Apng, ImageFormat.Webp, ImageFormat.Mp4, ImageFormat.Webm })
        {
            var made = files.New(ImageFormats.ExtensionOf(format));
            await files.Renderer.RenderAsync(path, ImageFormat.Mp4, streams, made, new([], format), new(), default).WaitAsync(s_inTime);

            Assert.InRange(new FileInfo(made).Length, 1, 2_000_000);
        }

        await EndsAsync(path, ImageFormat.Mp4);
    }

    [Fact]
    public async Task Work_that_takes_too_long_is_a_failure_of_the_content()
    {
        var settings = Options.Create(new VideoOptions { TranscodeTimeout = TimeSpan.FromMilliseconds(100) });
        using var programs = new BoundedProgram(settings, Options.Create(new ImagingOptions()), TimeProvider.System);
        var renderer = new VideoRenderer(programs, settings);
        var streams = await files.DescribeAsync(files.Talk, ImageFormat.Mp4);

        var failure = await renderer.RenderAsync(
            files.Talk, ImageFormat.Mp4, streams, files.New("webm"),
            new([new ImageStep.ResizeTo(2_500, 2_500, ResizeMode.Force, FocusPoint.Centre, MayEnlarge: true)], ImageFormat.Webm), new(),
            CancellationToken.None);

        Assert.Equal("processing-timeout", failure?.Code);
    }

    // Replaces the entry of the track's data reference, "in this file", by an alias: a record of 150 bytes, and the absolute path of
    // another
    // file. The index is at the end of the file, so that nothing else moves.
    private static byte[] WithExternalData(byte[] bytes, string path)
    {
        var name = Encoding.UTF8.GetBytes(path.Length % 2 == 0 ? path : path + "\0");
        var entry = new byte[162 + 4 + name.Length + 4];
        BinaryPrimitives.WriteInt32BigEndian(entry, entry.Length);
        "alis"u8.CopyTo(entry.AsSpan(4));
        BinaryPrimitives.WriteInt16BigEndian(entry.AsSpan(162), 2);
        BinaryPrimitives.WriteInt16BigEndian(entry.AsSpan(164), (short)name.Length);
        name.CopyTo(entry, 166);
        BinaryPrimitives.WriteInt16BigEndian(entry.AsSpan(166 + name.Length), -1);

        var (at, grown) = (0, bytes.ToArray());
        foreach (var box in new[] { "moov", "trak", "mdia", "minf", "dinf", "dref" })
        {
            at += grown.AsSpan(at).IndexOf(Encoding.ASCII.GetBytes(box)) + 4;
            var size = grown.AsSpan(at - 8);
            BinaryPrimitives.WriteInt32BigEndian(size, BinaryPrimitives.ReadInt32BigEndian(size) + entry.Length - 12);
        }

        // Version, flags and the number of entries come before the old entry of 12 bytes.
        return [.. grown.AsSpan(0, at + 8), .. entry, .. grown.AsSpan(at + 20)];
    }

    private static int Rounds => int.TryParse(Environment.GetEnvironmentVariable("MEDIAASPIRE_VIDEO_ROUNDS"), out var rounds) ? rounds : 4;

    // Reads the details, takes a poster and makes a preview: each succeeds or fails, in time.
    private async Task EndsAsync(string path, ImageFormat format, bool mustFail = false, bool mustPass = false)
    {
        var watch = Stopwatch.StartNew();
        var (streams, failure) = await files.Probe.ProbeAsync(path, format, CancellationToken.None);
        failure ??= new ImageLimits().FailureOf(format, streams!.Width, streams.Height, streams.Frames ?? 1);
        if (streams is not null)
        {
            // As if the limits allowed it.
            var poster = await files.Posters.WriteAsync(path, format, streams, null, files.New("png"), CancellationToken.None);
            var preview = await files.Renderer.RenderAsync(
                path, format, streams, files.New("webp"), new([new ImageStep.Thumbnail(64)], ImageFormat.Webp), new(),
                CancellationToken.None);
            failure ??= poster ?? preview;
        }

        Assert.True(watch.Elapsed < s_inTime, $"{path} took {watch.Elapsed}.");
        Assert.True(!mustFail || failure is not null, $"{path} was accepted.");
        Assert.True(!mustPass || failure is null, failure?.Message);
        Assert.DoesNotContain(path, failure?.Message ?? "", StringComparison.Ordinal);
    }
}
