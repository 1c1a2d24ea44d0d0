using MediaAspire.Core.Images.Variants;
using MediaAspire.Core.Imaging;

namespace MediaAspire.Tests.Images.Variants;

public sealed class VariantQueryTests
{
    private static readonly Dictionary<string, VariantWish> s_presets = new() { ["small"] = Preset("crop=1x1&resize=320&quality=70") };

    [Theory]
    [InlineData("", "identity.webp")]
    [InlineData("?identity", "identity.webp")]
    [InlineData("identity=true", "identity.webp")]
    [InlineData("thumbnail=256&blur=3.0", "thumbnail=256/blur=3.webp")]
    [InlineData("blur=3&thumbnail=256", "blur=3/thumbnail=256.webp")]
    [InlineData("resize=300", "resize=300.webp")]
    [InlineData("resize=Lanczos.300", "resize=300.webp")]
    [InlineData("resize=.a10000", "resize=a10000.webp")]
    [InlineData("resize=Mitchell.200", "resize=mitchell.200.webp")]
    [InlineData("resize=RobidouxSharp.a40000", "resize=robidoux.a40000.webp")]
    [InlineData("crop=4x2", "crop=2x1.webp")]
    [InlineData("crop=16x9", "crop=16x9.webp")]
    [InlineData("fill=300x400@smart", "fill=300x400@smart.webp")]
    [InlineData("fit=x400:enlarge", "fit=x400:enlarge.webp")]
    [InlineData("fill=300x", "fit=300x.webp")]
    [InlineData("cut=10x20@0,1", "cut=10x20@0,1.webp")]
    [InlineData("flip=vh&rotate=90", "flip=hv/rotate=90.webp")]
    [InlineData("pad=3", "pad=3,3,3,3.webp")]
    [InlineData("flatten=FFffFF", "flatten=ffffff.webp")]
    [InlineData("quality=78&resize=10", "resize=10/quality=80.webp")]
    [InlineData("quality=auto", "quality=auto.webp")]
    [InlineData("frame=first", "frame=first.webp")]
    [InlineData("at=1.23", "at=1.2.webp")]
    [InlineData("preset=small", "crop=1x1/resize=320/quality=70.webp")]
    [InlineData("preset=small&blur=2&quality=90", "crop=1x1/resize=320/blur=2/quality=90.webp")]
    public void Read_Operations_GivesTheirKey(string query, string key) => Assert.Equal(key, KeyOf(query));

    [Theory]
    [InlineData("rotate=45", "operation-invalid")]
    [InlineData("thumbnail=", "operation-invalid")]
    [InlineData("thumbnail=0", "operation-invalid")]
    [InlineData("thumbnail=-5", "operation-invalid")]
    [InlineData("thumbnail=10001", "operation-invalid")]
    [InlineData("thumbnail=99999999999999999999", "operation-invalid")]
    [InlineData("resize=cubic.300", "operation-invalid")]
    [InlineData("resize=300.300", "operation-invalid")]
    [InlineData("resize=a0", "operation-invalid")]
    [InlineData("crop=21x1", "operation-invalid")]
    [InlineData("crop=0x1", "operation-invalid")]
    [InlineData("crop=1x1x1", "operation-invalid")]
    [InlineData("blur=NaN", "operation-invalid")]
    [InlineData("blur=-1", "operation-invalid")]
    [InlineData("blur=1e9", "operation-invalid")]
    [InlineData("blur=0.001", "operation-invalid")]
    [InlineData("blur=101", "operation-invalid")]
    [InlineData("fill=300x400@2,0", "operation-invalid")]
    [InlineData("fit=x", "operation-invalid")]
    [InlineData("quality=0", "operation-invalid")]
    [InlineData("quality=101", "operation-invalid")]
    [InlineData("quality=50&quality=60", "operation-invalid")]
    [InlineData("identity=no", "operation-invalid")]
    [InlineData("format=png", "operation-invalid")]
    [InlineData("preset=large", "preset-unknown")]
    [InlineData("grayscale=1", "operation-unknown")]
    [InlineData("backgrounded=true", "operation-unknown")]
    [InlineData("force", "operation-invalid")]
    [InlineData("Resize=300", "operation-unknown")]
    [InlineData("=", "operation-unknown")]
    [InlineData("flip=h&flip=h&flip=h&flip=h&flip=h&flip=h&flip=h&flip=h&flip=h&flip=h&flip=h", "operation-invalid")]
    public void An_unknown_operation_or_a_bad_value_is_a_fault_with_a_code(string query, string code)
    {
        var fault = VariantQuery.Read(VariantQuery.ReadPairs(query), "webp", s_presets, out var wish);

        Assert.Equal(code, fault?.Code);
        Assert.Equal(VariantFaultKind.Invalid, fault!.Kind);
        Assert.Null(wish);
    }

    [Fact]
    public void No_query_whatever_its_bytes_makes_an_exception()
    {
        var random = new Random(15);
        string[] names = [.. StepGrammar.Names, "quality", "frame", "at", "preset", "format", "identity", "%", "a%20b"];
        const string characters = "0123456789xa.,@:%-+ é\0&=#/\\\"'";
        for (var round = 0; round < 5_000; round++)
        {
            var value = new string([.. Enumerable.Range(0, random.Next(12)).Select(_ => characters[random.Next(characters.Length)])]);
            var query = $"{names[random.Next(names.Length)]}={value}&{names[random.Next(names.Length)]}={Uri.EscapeDataString(value)}";
            var fault = VariantQuery.Read(VariantQuery.ReadPairs(query), "png", s_presets, out var wish);
            Assert.True(fault is null != wish is null, query);
        }
    }

    [Theory]
    [InlineData("jpeg", ImageFormat.Jpeg)]
    [InlineData("jpg", ImageFormat.Jpeg)]
    [InlineData("apng", ImageFormat.Apng)]
    [InlineData("jxl", ImageFormat.Jxl)]
    [InlineData("mp4", ImageFormat.Mp4)]
    public void Read_Extension_NamesTheFormat(string extension, ImageFormat format)
    {
        Assert.Null(VariantQuery.Read([], extension, s_presets, out var wish));

        Assert.Equal(format, wish!.Format);
        Assert.False(wish.HasAutomaticFormat);
    }

    [Theory]
    [InlineData("svg")]
    [InlineData("heic")]
    [InlineData("tiff")]
    [InlineData("WEBP")]
    [InlineData("")]
    public void Read_ExtensionThatIsNotWritten_IsAFault(string extension) =>
        Assert.Equal("format-unsupported", VariantQuery.Read([], extension, s_presets, out _)?.Code);

    [Theory]
    [InlineData("auto", "")]
    [InlineData("jpg", "format=auto")]
    public void Read_AutomaticFormat_GoesBeforeTheExtension(string extension, string query)
    {
        Assert.Null(VariantQuery.Read(VariantQuery.ReadPairs(query), extension, s_presets, out var wish));

        Assert.True(wish!.HasAutomaticFormat);
    }

    [Theory]
    [InlineData("preset=small", true)]
    [InlineData("preset=small&preset=small", true)]
    [InlineData("preset=small&format=auto", true)]
    [InlineData("preset=small&blur=1", false)]
    [InlineData("preset=small&quality=10", false)]
    [InlineData("preset=small&identity", false)]
    [InlineData("resize=10", false)]
    [InlineData("", false)]
    public void Read_SaysWhetherEverythingIsOfPresets(string query, bool isOfPresets)
    {
        Assert.Null(VariantQuery.Read(VariantQuery.ReadPairs(query), "webp", s_presets, out var wish));

        Assert.Equal(isOfPresets, wish!.IsOfPresets);
    }

    [Theory]
    [InlineData(true, true, false, 1, ImageFormat.Avif)]
    [InlineData(false, true, false, 1, ImageFormat.Webp)]
    [InlineData(false, false, false, 1, ImageFormat.Jpeg)]
    [InlineData(false, false, true, 1, ImageFormat.Png)]
    [InlineData(true, true, false, 9, ImageFormat.Webp)]
    [InlineData(true, false, true, 9, ImageFormat.Gif)]
    public void For_AutomaticFormat_IsTheSmallestThatTheSenderAccepts(
        bool avif, bool webp, bool hasAlpha, int frames, ImageFormat expected)
    {
        Assert.Null(VariantQuery.Read([], "auto", s_presets, out var wish));
        var source = new ImageDetails { Format = ImageFormat.Gif, Width = 9, Height = 9, HasAlpha = hasAlpha, Frames = frames };

        var request = wish!.For(source, format => (avif && format == ImageFormat.Avif) || (webp && format == ImageFormat.Webp));

        Assert.Equal(expected, request.Format);
    }

    private static string KeyOf(string query)
    {
        Assert.Null(VariantQuery.Read(VariantQuery.ReadPairs(query), "webp", s_presets, out var wish));
        return VariantKey.Write(wish!.Request with { Format = wish.Format!.Value });
    }

    private static VariantWish Preset(string operations)
    {
        Assert.Null(VariantQuery.ReadPreset(operations, out var preset));
        return preset!;
    }
}
