using MediaAspire.Core.Imaging;

namespace MediaAspire.Tests.Imaging;

/// <summary>Videos and animations through the processor of a worker, with its real processes.</summary>
[Collection(VideoFiles.Collection)]
public sealed class FfmpegEngineTests(VideoFiles files, ImagingFixture imaging) : IClassFixture<ImagingFixture>
{
    private static readonly ImageLimits s_limits = new() { AllowsAudio = true };

    [Fact]
    public async Task The_details_of_a_video_have_the_look_of_its_poster()
    {
        var details = (await imaging.Processor.ProbeAsync(files.Talk, s_limits, CancellationToken.None)).Value!;

        Assert.Equal(
            (ImageFormat.Mp4, 320, 180, 50, true), (details.Format, details.Width, details.Height, details.Frames, details.HasAudio));
        Assert.Equal(("h264", TimeSpan.FromSeconds(2)), (details.VideoCodec, details.Duration));
        Assert.NotNull(details.ThumbHash);
        Assert.NotNull(details.BlurHash);
        Assert.NotEqual("#000000", details.DominantColour);
    }

    [Fact]
    public async Task Limits_of_videos_and_animations_are_checked()
    {
        await RefusedAsync("validate-audio", files.Talk, new());
        await RefusedAsync("video-disabled", files.Talk, s_limits with { AllowsVideo = false });
        await RefusedAsync("validate-frames", files.Talk, s_limits with { Video = s_limits.Video with { Frames = 49 } });
        await RefusedAsync("validate-width", files.Talk, s_limits with { Video = s_limits.Video with { Width = 319 } });
        await RefusedAsync("validate-height", files.Turned, s_limits with { Video = s_limits.Video with { Height = 319 } });
        await RefusedAsync("validate-area", files.Clip, s_limits with { Video = s_limits.Video with { Area = 100 } });
        await RefusedAsync("validate-frames", files.Ball, s_limits with { Animation = s_limits.Animation with { Frames = 9 } });
        await RefusedAsync("media-disallowed", files.Clip, s_limits with { Formats = [ImageFormat.Png] });
    }

    [Theory]
    [InlineData(ImageFormat.Jpeg)]
    [InlineData(ImageFormat.Png)]
    [InlineData(ImageFormat.Webp)]
    [InlineData(ImageFormat.Avif)]
    public async Task A_video_as_a_picture_is_its_poster_after_the_steps(ImageFormat format)
    {
        var (path, details) = await MakeAsync(
            files.Talk, new([new ImageStep.CropToRatio(1, 1), new ImageStep.Resize(90)], format) { TakesOneFrame = true });

        Assert.Equal((format, 90, 90, 1), (details.Format, details.Width, details.Height, details.Frames));
        if (format != ImageFormat.Avif)
        {
            var (red, green, blue) = await VideoFiles.MeanAsync(path);
            Assert.True(red + green + blue > 150, $"{red}, {green}, {blue}");
        }
    }

    [Fact]
    public async Task A_video_as_a_moving_picture_is_a_preview()
    {
        foreach (var format in new[] { ImageFormat.Webp, ImageFormat.Gif, ImageFormat.Apng })
        {
            var (_, details) = await MakeAsync(files.Clip, new([new ImageStep.Resize(80)], format));

            Assert.Equal((format, 80, 60, 10), (details.Format, details.Width, details.Height, details.Frames));
        }
    }

    [Fact]
    public async Task The_motion_of_an_animated_WebP_has_its_frames_and_its_time()
    {
        var webp = await VideoFiles.MakeAsync(
            $"-f apng -i {files.Ball} -c:v libwebp_anim -lossless 1 -loop 0 -f webp", imaging.NewFile(".webp"));

        foreach (var format in new[] { ImageFormat.Mp4, ImageFormat.Webm })
        {
            var (_, details) = await MakeAsync(webp, new([new ImageStep.Resize(60)], format));

            Assert.Equal((format, 60, 40, 10), (details.Format, details.Width, details.Height, details.Frames));
            Assert.InRange(details.Duration!.Value.TotalSeconds, 0.9, 1.1);
        }
    }

    [Fact]
    public async Task A_GIF_has_a_motion_and_a_picture_has_none()
    {
        var (_, details) = await MakeAsync(files.Gif, new([], ImageFormat.Mp4));
        Assert.Equal((120, 80, 10, "h264"), (details.Width, details.Height, details.Frames, details.VideoCodec));

        foreach (var extension in new[] { "gif", "webp", "jpg" })
        {
            var picture = await VideoFiles.MakeAsync("-f lavfi -i testsrc2=s=64x64:d=1 -frames:v 1", imaging.NewFile($".{extension}"));
            var outcome = await imaging.Processor.TransformAsync(
                picture, imaging.NewFile(".mp4"), new([], ImageFormat.Mp4), s_limits, CancellationToken.None);
            Assert.Equal("media-disallowed", outcome.Failure?.Code);
        }
    }

    [Fact]
    public async Task An_APNG_becomes_every_other_format_with_its_frames_or_its_first_one()
    {
        foreach (var (format, frames) in new[]
            {
                (ImageFormat.Gif, 10), (ImageFormat.Webp, 10), (ImageFormat.Apng, 10), (ImageFormat.Webm, 10), (ImageFormat.Png, 1),
                (ImageFormat.Jpeg, 1),
            })
        {
            var (_, details) = await MakeAsync(files.Ball, new([new ImageStep.Resize(60)], format));

            Assert.Equal((format, 60, 40, frames), (details.Format, details.Width, details.Height, details.Frames));
        }
    }

    [Fact]
    public async Task No_temporary_file_is_left()
    {
        var before = List();
        await imaging.Processor.ProbeAsync(files.Talk, s_limits, CancellationToken.None);
        await MakeAsync(files.Talk, new([], ImageFormat.Jpeg));

        Assert.Equal(before, List());

        string[] List() => [.. Directory.EnumerateFiles(imaging.Root, "*.*png", SearchOption.AllDirectories).Order()];
    }

    private async Task RefusedAsync(string code, string path, ImageLimits limits)
    {
        Assert.Equal(code, (await imaging.Processor.ProbeAsync(path, limits, CancellationToken.None)).Failure?.Code);
        Assert.Equal(
            code,
            (await imaging.Processor.TransformAsync(path, files.New("jpg"), new([], ImageFormat.Jpeg), limits, default)).Failure?.Code);
    }

    private async Task<(string Path, ImageDetails Details)> MakeAsync(string source, ImageRequest request)
    {
        var path = imaging.NewFile($".{ImageFormats.ExtensionOf(request.Format)}");
        var outcome = await imaging.Processor.TransformAsync(source, path, request, s_limits, CancellationToken.None);
        Assert.True(outcome.Failure is null, outcome.Failure?.Message);
        return (path, outcome.Value!);
    }
}
