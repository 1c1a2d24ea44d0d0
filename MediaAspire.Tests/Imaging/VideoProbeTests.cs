using MediaAspire.Core.Imaging;

namespace MediaAspire.Tests.Imaging;

[Collection(VideoFiles.Collection)]
public sealed class VideoProbeTests(VideoFiles files)
{
    [Fact]
    public async Task The_details_of_videos_and_animations_are_read()
    {
        var talk = await files.DescribeAsync(files.Talk, ImageFormat.Mp4);
        Assert.Equal((320, 180, 50, "h264", true), (talk.Width, talk.Height, talk.Frames, talk.Codec, talk.HasAudio));
        Assert.Equal(TimeSpan.FromSeconds(2), talk.Duration);

        var clip = await files.DescribeAsync(files.Clip, ImageFormat.Webm);
        Assert.Equal((160, 120, 20, "vp8", false), (clip.Width, clip.Height, clip.Frames, clip.Codec, clip.HasAudio));
        Assert.Equal(TimeSpan.FromSeconds(1), clip.Duration);

        var ball = await files.DescribeAsync(files.Ball, ImageFormat.Apng);
        Assert.Equal((120, 80, 10, true), (ball.Width, ball.Height, ball.Frames, ball.HasAlpha));
        Assert.Equal(TimeSpan.FromSeconds(1), ball.Duration);
    }

    [Fact]
    public async Task The_size_is_the_one_after_the_rotation_and_the_ratio_of_pixels()
    {
        var turned = await files.DescribeAsync(files.Turned, ImageFormat.Mov);
        Assert.Equal((180, 320), (turned.Width, turned.Height));

        var wide = await files.DescribeAsync(files.Wide, ImageFormat.Mp4);
        Assert.Equal((320, 120), (wide.Width, wide.Height));
    }

    [Fact]
    public async Task Frames_without_a_table_are_counted() =>
        Assert.Equal(20, (await files.DescribeAsync(files.Fragments, ImageFormat.Mp4)).Frames);
}
