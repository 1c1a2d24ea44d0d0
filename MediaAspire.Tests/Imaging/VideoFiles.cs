using System.Diagnostics;
using System.Text;
using MediaAspire.Core.Imaging;
using MediaAspire.Tests.Harness;
using MediaAspire.Worker.Imaging;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Imaging;

/// <summary>Small videos and animations, made once by ffmpeg, and the parts that work on them.</summary>
public sealed class VideoFiles : IAsyncLifetime, IDisposable
{
    public const string Collection = "Videos";

    private readonly TemporaryDirectory _directory = new();
    private readonly BoundedProgram _programs;
    private int _results;

    public VideoFiles()
    {
        _programs = new(Options.Create(Settings), Options.Create(new ImagingOptions()), TimeProvider.System);
        Probe = new(_programs);
        Posters = new(_programs, Options.Create(Settings));
        Renderer = new(_programs, Options.Create(Settings));
    }

    /// <summary>Gets a video of H.264 with sound: 320 × 180, 50 frames, 2 seconds, half of it black.</summary>
    public string Talk => In("talk.mp4");

    /// <summary>Gets a video of VP8 without sound: 160 × 120, 20 frames.</summary>
    public string Clip => In("clip.webm");

    /// <summary>Gets a video that a phone held upright has taken: stored as 320 × 180, shown as 180 × 320.</summary>
    public string Turned => In("turned.mov");

    /// <summary>Gets a video whose pixels are twice as wide as high: stored as 160 × 120, shown as 320 × 120.</summary>
    public string Wide => In("wide.mp4");

    /// <summary>Gets a video in fragments, which has no table of its frames: 160 × 120, 20 frames.</summary>
    public string Fragments => In("fragments.mp4");

    /// <summary>Gets a black video of a second: 160 × 120.</summary>
    public string Black => In("black.mp4");

    /// <summary>Gets an animation with transparent parts: 120 × 80, 10 frames, 1 second.</summary>
    public string Ball => In("ball.apng");

    /// <summary>Gets a GIF: 120 × 80, 10 frames, 1 second.</summary>
    public string Gif => In("ball.gif");

    internal VideoOptions Settings { get; } = new();

    internal VideoProbe Probe { get; }

    internal PosterFrames Posters { get; }

    internal VideoRenderer Renderer { get; }

    public async Task InitializeAsync()
    {
        const string color = "testsrc2=s=160x120:r=20:d=1";
        await Task.WhenAll(
            MakeAsync(
                "-f lavfi -i color=black:s=320x180:r=25:d=1 -f lavfi -i testsrc2=s=320x180:r=25:d=1 -f lavfi -i sine=d=2 -filter_complex "
                + "[0][1]concat=n=2:v=1[v] -map [v] -map 2:a -c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 10 -c:a aac",
                Talk),
            MakeAsync($"-f lavfi -i {color} -c:v libvpx -b:v 200k", Clip),
            MakeAsync(
                $"-f lavfi -i {color} -vf setsar=2 -c:v libx264 -preset ultrafast -pix_fmt yuv420p", Wide),
            MakeAsync(
                $"-f lavfi -i {color} -c:v libx264 -preset ultrafast -pix_fmt yuv420p -movflags frag_keyframe+empty_moov", Fragments),
            MakeAsync("-f lavfi -i color=black:s=160x120:r=20:d=1 -c:v libx264 -preset ultrafast -pix_fmt yuv420p", Black),
            MakeAsync(
                "-f lavfi -i testsrc2=s=120x80:r=10:d=1 -vf format=rgba,geq=r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a='if(gt(X,60),255,0)' "
                + "-plays 0 -f apng",
                Ball),
            MakeAsync("-f lavfi -i testsrc2=s=120x80:r=10:d=1", Gif));
        await MakeAsync($"-i {Talk} -c copy -metadata:s:v rotate=90", Turned);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _programs.Dispose();
        _directory.Dispose();
    }

    public string In(string name) => Path.Combine(_directory.Path, name);

    /// <summary>Gets the path of a file that a test writes.</summary>
    public string New(string extension) => In($"result-{Interlocked.Increment(ref _results)}.{extension}");

    /// <summary>Writes a file.</summary>
    public string Write(string extension, ReadOnlySpan<byte> bytes)
    {
        var path = New(extension);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public string Write(string extension, string text) => Write(extension, Encoding.UTF8.GetBytes(text));

    /// <summary>Makes a file by ffmpeg.</summary>
    public static async Task<string> MakeAsync(string arguments, string path)
    {
        await RunAsync("ffmpeg", $"-nostdin -v error -y {arguments} {path}");
        return path;
    }

    /// <summary>Reads the mean colour of a picture, or of the frame of a video at a time.</summary>
    public static async Task<(int Red, int Green, int Blue)> MeanAsync(string path, string at = "0", string crop = "iw:ih:0:0")
    {
        var bytes = await RunAsync(
            "ffmpeg", $"-nostdin -v error -ss {at} -i {path} -vf crop={crop},scale=1:1:flags=area,format=rgb24 -frames:v 1 -f rawvideo -");
        return (bytes[0], bytes[1], bytes[2]);
    }

    internal async Task<VideoStreams> DescribeAsync(string path, ImageFormat format)
    {
        var (streams, failure) = await Probe.ProbeAsync(path, format, CancellationToken.None);
        Assert.True(streams is not null, failure?.Message);
        return streams;
    }

    private static async Task<byte[]> RunAsync(string program, string arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var output = new MemoryStream();
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.BaseStream.CopyToAsync(output);
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {arguments}: {await errors}");
        return output.ToArray();
    }
}

/// <summary>The classes that share the files, one after the other: several programs at once would only slow each other down.</summary>
[CollectionDefinition(VideoFiles.Collection)]
public sealed class VideoFilesGroup : ICollectionFixture<VideoFiles>;
