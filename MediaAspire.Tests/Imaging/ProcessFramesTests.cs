using MediaAspire.Core.Imaging;
using MediaAspire.Worker.Imaging.Protocol;

namespace MediaAspire.Tests.Imaging;

public sealed class ProcessFramesTests
{
    [Fact]
    public async Task Request_RoundTrip_KeepsEverything()
    {
        var request = new ProcessRequest("/a b/[n=-1].png", ImageFormat.Png, new ImageLimits { Formats = [ImageFormat.Png] })
        {
            Destination = "/x.webp",
            Variant = new ImageRequest(
                [
                    new ImageStep.Thumbnail(5), new ImageStep.Resize(6, ResizeFilter.Mitchell, true), new ImageStep.CropToRatio(1, 2),
                    new ImageStep.Blur(1.5), new ImageStep.Sharpen(2.5), new ImageStep.CropTo(3, 4, FocusPoint.Smart),
                    new ImageStep.ResizeTo(1, null, ResizeMode.Fill, new FocusPoint(0.1, 0.2), true), new ImageStep.Rotate(90),
                    new ImageStep.Flip(true, false), new ImageStep.Pad(1, 2, 3, 4), new ImageStep.Flatten(0x123456),
                ],
                ImageFormat.Webp)
            {
                Quality = 7,
                HasAutomaticQuality = true,
                TakesOneFrame = true,
                At = TimeSpan.FromSeconds(1),
            },
        };
        using var stream = new MemoryStream();
        await ProcessFrames.WriteAsync(stream, request, ProcessJson.Default.ProcessRequest, CancellationToken.None);
        stream.Position = 0;

        var read = await ProcessFrames.ReadAsync(stream, ProcessJson.Default.ProcessRequest, CancellationToken.None);

        Assert.NotNull(read?.Variant);
        Assert.Equal(request.Variant.Steps, read.Variant.Steps);
        Assert.Equal(request.Variant with { Steps = read.Variant.Steps }, read.Variant);
        Assert.Equal(request.Limits with { Formats = read.Limits.Formats }, read.Limits);
        Assert.Equal((request.Source, request.Destination, request.Format), (read.Source, read.Destination, read.Format));
        Assert.Null(await ProcessFrames.ReadAsync(stream, ProcessJson.Default.ProcessRequest, CancellationToken.None));
    }

    [Theory]
    [InlineData(new byte[] { 0x7F, 0xFF, 0xFF, 0xFF, 1 })]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 1 })]
    [InlineData(new byte[] { 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0, 0, 0, 3, (byte)'{', (byte)'x', (byte)'}' })]
    [InlineData(new byte[] { 0, 0, 0, 4, (byte)'n', (byte)'u', (byte)'l', (byte)'l' })]
    public async Task ReadAsync_NoMessage_Throws(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);

        await Assert.ThrowsAsync<InvalidDataException>(async () =>
            await ProcessFrames.ReadAsync(stream, ProcessJson.Default.ProcessResponse, CancellationToken.None));
    }

    [Fact]
    public async Task ReadAsync_EndWithinMessage_IsTheEnd()
    {
        using var stream = new MemoryStream([0, 0, 0, 9, (byte)'{']);

        Assert.Null(await ProcessFrames.ReadAsync(stream, ProcessJson.Default.ProcessResponse, CancellationToken.None));
    }
}
