using System.Buffers.Binary;
using MediaAspire.Core.Imaging;
using MediaAspire.Worker.Imaging.Child;

namespace MediaAspire.Tests.Imaging;

[Collection(VideoFiles.Collection)]
public sealed class VideoRendererTests(VideoFiles files)
{
    private static readonly ImageLimits s_withAudio = new() { AllowsAudio = true };

    [Theory]
    [InlineData(ImageFormat.Mp4, "h264")]
    [InlineData(ImageFormat.Webm, "vp9")]
    public async Task A_video_is_made_smaller_with_its_sound(ImageFormat format, string codec)
    {
        var made = await files.DescribeAsync(
            await RenderAsync(files.Talk, ImageFormat.Mp4, format, s_withAudio, new ImageStep.Resize(160)), format);

        Assert.Equal((160, 90, 50, codec, true), (made.Width, made.Height, made.Frames, made.Codec, made.HasAudio));
        Assert.InRange(made.Duration!.Value.TotalSeconds, 1.9, 2.1);
    }

    [Fact]
    public async Task Sound_is_left_out_where_it_is_not_allowed()
    {
        var made = await files.DescribeAsync(
            await RenderAsync(files.Talk, ImageFormat.Mp4, ImageFormat.Mp4, new ImageLimits()), ImageFormat.Mp4);

        Assert.False(made.HasAudio);
    }

    [Fact]
    public async Task An_mp4_plays_before_it_is_loaded_because_its_index_comes_first()
    {
        var made = await File.ReadAllBytesAsync(await RenderAsync(files.Clip, ImageFormat.Webm, ImageFormat.Mp4, new ImageLimits()));

        var (index, data) = (made.AsSpan().IndexOf("moov"u8), made.AsSpan().IndexOf("mdat"u8));
        Assert.True(index > 0 && index < data, $"moov is at {index}, mdat at {data}.");
    }

    [Fact]
    public async Task Odd_sides_become_even_in_a_video()
    {
        var made = await files.DescribeAsync(
            await RenderAsync(
                files.Clip, ImageFormat.Webm, ImageFormat.Mp4, new ImageLimits(), new ImageStep.CropTo(33, 21, FocusPoint.Centre)),
            ImageFormat.Mp4);

        Assert.Equal((34, 22), (made.Width, made.Height));
    }

    [Theory]
    [InlineData(ImageFormat.Mp4)]
    [InlineData(ImageFormat.Webm)]
    public async Task The_motion_of_an_animation_has_its_frames_and_its_time_and_white_behind_it(ImageFormat format)
    {
        foreach (var (source, from) in new[] { (files.Ball, ImageFormat.Apng), (files.Gif, ImageFormat.Gif) })
        {
            var made = await RenderAsync(source, from, format, new ImageLimits());

            var streams = await files.DescribeAsync(made, format);
            Assert.Equal((120, 80, 10), (streams.Width, streams.Height, streams.Frames));
            Assert.InRange(streams.Duration!.Value.TotalSeconds, 0.9, 1.1);
            if (from == ImageFormat.Apng)
            {
                // The left half is transparent.
                var (red, green, blue) = await VideoFiles.MeanAsync(made, crop: "40:60:10:10");
                Assert.True(red > 245 && green > 245 && blue > 245, $"{red}, {green}, {blue}");
            }
        }
    }

    [Theory]
    [InlineData(ImageFormat.Gif)]
    [InlineData(ImageFormat.Apng)]
    public async Task A_preview_of_a_video_has_few_frames_a_second(ImageFormat format)
    {
        var made = await files.DescribeAsync(await RenderAsync(files.Talk, ImageFormat.Mp4, format, new ImageLimits()), format);

        Assert.Equal((320, 180, 20), (made.Width, made.Height, made.Frames));
        Assert.False(made.HasAlpha && format == ImageFormat.Apng);
    }

    [Fact]
    public async Task A_preview_may_be_an_animated_webp()
    {
        var made = await File.ReadAllBytesAsync(
            await RenderAsync(files.Talk, ImageFormat.Mp4, ImageFormat.Webp, new ImageLimits(), new ImageStep.Thumbnail(64)));

        Assert.True(made.AsSpan().IndexOf("ANIM"u8) > 0);
    }

    [Fact]
    public async Task An_apng_stays_transparent_as_an_apng_and_its_sides_turn()
    {
        var made = await RenderAsync(
            files.Ball, ImageFormat.Apng, ImageFormat.Apng, new ImageLimits(), new ImageStep.Thumbnail(60), new ImageStep.Rotate(90));

        var streams = await files.DescribeAsync(made, ImageFormat.Apng);
        Assert.Equal((40, 60, 10, true), (streams.Width, streams.Height, streams.Frames, streams.HasAlpha));
        Assert.Equal(TimeSpan.FromSeconds(1), streams.Duration);
    }

    [Fact]
    public async Task Every_step_gives_the_size_that_was_computed()
    {
        ImageStep[] steps =
        [
            new ImageStep.Thumbnail(77), new ImageStep.Resize(77), new ImageStep.Resize(77, ResizeFilter.Mitchell),
            new ImageStep.Resize(77, ResizeFilter.Robidoux), new ImageStep.Resize(77, ResizeFilter.Lanczos2, IsArea: true),
            new ImageStep.Resize(77, ResizeFilter.Triangle), new ImageStep.Resize(77, ResizeFilter.Nearest),
            new ImageStep.CropToRatio(16, 9), new ImageStep.CropToRatio(1, 3), new ImageStep.Blur(2.5), new ImageStep.Sharpen(1),
            new ImageStep.Sharpen(10), new ImageStep.ResizeTo(50, null, ResizeMode.Fit, FocusPoint.Centre, MayEnlarge: false),
            new ImageStep.ResizeTo(50, 50, ResizeMode.Fill, new FocusPoint(0, 1), MayEnlarge: false),
            new ImageStep.ResizeTo(51, 33, ResizeMode.Force, FocusPoint.Centre, MayEnlarge: false),
            new ImageStep.ResizeTo(300, 300, ResizeMode.Fill, FocusPoint.Smart, MayEnlarge: true),
            new ImageStep.ResizeTo(300, 300, ResizeMode.Fill, FocusPoint.Centre, MayEnlarge: false),
            new ImageStep.CropTo(33, 500, new FocusPoint(1, 0)), new ImageStep.Rotate(90), new ImageStep.Rotate(180),
            new ImageStep.Rotate(270), new ImageStep.Flip(IsHorizontal: true, IsVertical: true), new ImageStep.Pad(1, 2, 3, 4),
            new ImageStep.Flatten(0x112233),
        ];
        var source = await files.DescribeAsync(files.Ball, ImageFormat.Apng);
        foreach (var step in steps)
        {
            var computed = PixelPlan.Make(source.Width, source.Height, [step]);

            var made = files.New("apng");
            var failure = await files.Renderer.RenderAsync(
                files.Ball, ImageFormat.Apng, source, made, new([step], ImageFormat.Apng), new ImageLimits(), CancellationToken.None);

            Assert.True(failure is null, $"{failure?.Message} {step}");
            Assert.Equal((step, computed.Width, computed.Height), (step, SizeOf(made).Width, SizeOf(made).Height));
        }
    }

    [Fact]
    public async Task A_result_that_would_be_too_large_is_refused()
    {
        var streams = await files.DescribeAsync(files.Clip, ImageFormat.Webm);

        var failure = await files.Renderer.RenderAsync(
            files.Clip, ImageFormat.Webm, streams, files.New("mp4"),
            new([new ImageStep.ResizeTo(50_000, 50_000, ResizeMode.Force, FocusPoint.Centre, MayEnlarge: true)], ImageFormat.Mp4),
            new ImageLimits(), CancellationToken.None);

        Assert.Equal("validate-width", failure?.Code);
    }

    // A PNG has both in its first chunk, after the signature, the length and the name.
    private static (int Width, int Height) SizeOf(string path)
    {
        Span<byte> head = stackalloc byte[24];
        using var file = File.OpenRead(path);
        file.ReadExactly(head);
        return (BinaryPrimitives.ReadInt32BigEndian(head[16..]), BinaryPrimitives.ReadInt32BigEndian(head[20..]));
    }

    private async Task<string> RenderAsync(
        string source, ImageFormat from, ImageFormat format, ImageLimits limits, params ImageStep[] steps)
    {
        var destination = files.New(ImageFormats.ExtensionOf(format));
        var failure = await files.Renderer.RenderAsync(
            source, from, await files.DescribeAsync(source, from), destination, new(steps, format), limits, CancellationToken.None);
        Assert.True(failure is null, $"{failure?.Message} {string.Join<ImageStep>(", ", steps)}");
        return destination;
    }
}
