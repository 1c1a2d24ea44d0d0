using System.Buffers.Binary;
using MediaAspire.Core.Imaging;

namespace MediaAspire.Tests.Imaging;

[Collection(VideoFiles.Collection)]
public sealed class PosterFramesTests(VideoFiles files)
{
    [Fact]
    public async Task A_poster_is_not_black_where_the_video_is_not()
    {
        var (red, green, blue) = await VideoFiles.MeanAsync(await PosterAsync(files.Talk, ImageFormat.Mp4));

        Assert.True(red + green + blue > 150, $"The poster is dark: {red}, {green}, {blue}.");
    }

    [Fact]
    public async Task A_black_video_has_a_black_poster()
    {
        var (red, green, blue) = await VideoFiles.MeanAsync(await PosterAsync(files.Black, ImageFormat.Mp4));

        Assert.True(red + green + blue < 30, $"{red}, {green}, {blue}");
    }

    [Theory]
    [InlineData("0.2", true)]
    [InlineData("1.5", false)]
    [InlineData("3600", false)]
    public async Task A_poster_of_a_time_is_the_frame_of_that_time_or_the_last_one(string seconds, bool isBlack)
    {
        var at = TimeSpan.FromSeconds(double.Parse(seconds, System.Globalization.CultureInfo.InvariantCulture));

        var (red, green, blue) = await VideoFiles.MeanAsync(await PosterAsync(files.Talk, ImageFormat.Mp4, at));

        Assert.Equal(isBlack, red + green + blue < 30);
    }

    [Fact]
    public async Task A_poster_has_the_size_that_is_shown()
    {
        Assert.Equal((180, 320), SizeOf(await PosterAsync(files.Turned, ImageFormat.Mov)));
        Assert.Equal((320, 120), SizeOf(await PosterAsync(files.Wide, ImageFormat.Mp4)));
    }

    [Fact]
    public async Task Webm_and_apng_have_posters_too()
    {
        await PosterAsync(files.Clip, ImageFormat.Webm);
        await PosterAsync(files.Ball, ImageFormat.Apng);
    }

    // Of the first chunk of a PNG.
    private static (int Width, int Height) SizeOf(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> header = stackalloc byte[24];
        file.ReadExactly(header);
        return (BinaryPrimitives.ReadInt32BigEndian(header[16..]), BinaryPrimitives.ReadInt32BigEndian(header[20..]));
    }

    private async Task<string> PosterAsync(string path, ImageFormat format, TimeSpan? at = null)
    {
        var poster = files.New("png");
        var failure = await files.Posters.WriteAsync(
            path, format, await files.DescribeAsync(path, format), at, poster, CancellationToken.None);
        Assert.Null(failure);
        return poster;
    }
}
