using System.Buffers.Binary;
using System.Text;
using MediaAspire.Core.Imaging;

namespace MediaAspire.Tests.Imaging;

public sealed class FormatDetectorTests
{
    private static readonly byte[] s_png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    [Theory]
    [InlineData(ImageFormat.Apng, "IHDR:13", "acTL:8", "IDAT:20")]
    [InlineData(ImageFormat.Apng, "IHDR:13", "iCCP:900", "acTL:8", "IDAT:20")]
    [InlineData(ImageFormat.Png, "IHDR:13", "IDAT:20")]
    [InlineData(ImageFormat.Png, "IHDR:13", "IDAT:20", "acTL:8")]
    public void Detect_Png_IsAnimatedByTheChunkBeforeTheData(ImageFormat expected, params string[] chunks)
    {
        var file = s_png.Concat(chunks.SelectMany(Chunk)).ToArray();

        Assert.Equal(expected, FormatDetector.Detect(file));
    }

    [Fact]
    public void Detect_PngWhoseChunkIsLongerThanTheFile_Ends()
    {
        byte[] file = [.. s_png, 0xFF, 0xFF, 0xFF, 0xFF, .. "IHDR"u8, .. new byte[40]];

        Assert.Equal(ImageFormat.Png, FormatDetector.Detect(file));
    }

    [Theory]
    [InlineData("avif", "mif1", ImageFormat.Avif)]
    [InlineData("mif1", "avif", ImageFormat.Avif)]
    [InlineData("mif1", "heic", ImageFormat.Heic)]
    [InlineData("heic", "mif1", ImageFormat.Heic)]
    [InlineData("isom", "mp42", ImageFormat.Mp4)]
    [InlineData("qt  ", "qt  ", ImageFormat.Mov)]
    public void Detect_IsoBaseMedia_IsNamedByItsBrands(string major, string compatible, ImageFormat expected)
    {
        byte[] file = [0, 0, 0, 20, .. "ftyp"u8, .. Encoding.ASCII.GetBytes(major), 0, 0, 0, 0, .. Encoding.ASCII.GetBytes(compatible)];

        Assert.Equal(expected, FormatDetector.Detect(file));
    }

    [Theory]
    [InlineData("<svg xmlns=\"http://www.w3.org/2000/svg\"/>")]
    [InlineData("%PDF-1.7")]
    [InlineData("hello")]
    [InlineData("")]
    public void Detect_OtherContent_IsRefused(string content) => Assert.Null(FormatDetector.Detect(Encoding.ASCII.GetBytes(content)));

    [Fact]
    public void FailureOf_EachLimit_HasItsCode()
    {
        var limits = new ImageLimits { AllowsVideo = false, Formats = [ImageFormat.Png, ImageFormat.Mp4] };

        Assert.Equal("video-disabled", limits.FailureOf(ImageFormat.Mp4)?.Code);
        Assert.Equal("media-disallowed", limits.FailureOf(ImageFormat.Gif)?.Code);
        Assert.Null(limits.FailureOf(ImageFormat.Png));
        Assert.Equal("validate-width", limits.FailureOf(ImageFormat.Png, 10_001, 1, 1)?.Code);
        Assert.Equal("validate-height", limits.FailureOf(ImageFormat.Png, 1, 10_001, 1)?.Code);
        Assert.Equal("validate-area", limits.FailureOf(ImageFormat.Png, 10_000, 10_000, 1)?.Code);
        Assert.Equal("validate-frames", limits.FailureOf(ImageFormat.Gif, 10, 10, 901)?.Code);
        Assert.Equal("validate-width", limits.FailureOf(ImageFormat.Gif, 1_921, 10, 2)?.Code);
        Assert.Null(limits.FailureOf(ImageFormat.Gif, 1_921, 10, 1));
        Assert.Null(limits.FailureOf(ImageFormat.Mp4, 3_840, 2_160, 900));
    }

    private static IEnumerable<byte> Chunk(string chunk)
    {
        var parts = chunk.Split(':');
        var length = int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture);
        var bytes = new byte[12 + length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, length);
        Encoding.ASCII.GetBytes(parts[0], bytes.AsSpan(4));
        return bytes;
    }
}
