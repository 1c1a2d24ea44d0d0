using MediaAspire.Worker.Imaging.Child;

namespace MediaAspire.Tests.Imaging;

/// <summary>The expected hashes are those of the reference implementations, npm's thumbhash 0.1.1 and blurhash 2.0.5.</summary>
public sealed class LookHashTests
{
    [Theory]
    [InlineData(40, 30, false, "HwgKPZpgh3dwh3eHdXh2eKCACPh4", "LFHetU39|UKiuwRkn~aPhRfgfHfi")]
    [InlineData(30, 40, true, "3/eFJBAJgAd3d4dnFweJgH+Hh3eAcHgICA==", "LFHetV3B|dO?uxRfjoaLhTf#fSf$")]
    [InlineData(100, 10, false, "4PcJMZyBhmVwd3d4cYAY+Hg=", "LHHVM42l|dFp.$J6sPWAgYfSfMfT")]
    [InlineData(16, 16, true, "4PeJHRIJcndgeIZ3d6DXDfeIeHgIB3eHcA==", "LDHx$#3c]2t+*KIRo8ieh3f?fLfz")]
    public void Hashes_Pattern_EqualThoseOfTheReferences(int width, int height, bool hasAlpha, string thumbHash, string blurHash)
    {
        var pixels = Pattern(width, height, hasAlpha);

        Assert.Equal(thumbHash, Convert.ToBase64String(ThumbHash.Compute(pixels)));
        Assert.Equal(blurHash, BlurHash.Compute(pixels, 4, 3));
    }

    [Fact]
    public void Hashes_White_EqualThoseOfTheReferences()
    {
        var white = new PixelGrid(8, 8, [.. Enumerable.Repeat((byte)255, 8 * 8 * 4)]);

        Assert.Equal("00TSUA", BlurHash.Compute(white, 1, 1));
        Assert.Equal("PwgC", Convert.ToBase64String(ThumbHash.Compute(white))[..4]);
        Assert.Equal("#ffffff", DominantColour.Find(white));
    }

    [Fact]
    public void DominantColour_TwoColours_IsTheMoreFrequent()
    {
        byte[] red = [250, 10, 20, 255];
        byte[] transparent = [0, 255, 0, 0];
        byte[] blue = [0, 0, 200, 255];
        byte[] rgba = [.. red, .. red, .. red, .. transparent, .. transparent, .. transparent, .. transparent, .. blue];

        Assert.Equal("#fa0a14", DominantColour.Find(new PixelGrid(4, 2, rgba)));
        Assert.Null(DominantColour.Find(new PixelGrid(1, 1, transparent)));
    }

    [Fact]
    public void StructuralSimilarity_NoiseAndEquality_AreToldApart()
    {
        var random = new Random(5);
        var original = Enumerable.Range(0, 64 * 64).Select(i => (byte)(i % 64 * 3)).ToArray();
        var slightly = original.Select(value => (byte)Math.Clamp(value + random.Next(-3, 4), 0, 255)).ToArray();
        var strongly = original.Select(value => (byte)Math.Clamp(value + random.Next(-90, 91), 0, 255)).ToArray();

        Assert.Equal(1, StructuralSimilarity.Compute(original, original, 64, 64), 9);
        var (near, far) = (
            StructuralSimilarity.Compute(original, slightly, 64, 64), StructuralSimilarity.Compute(original, strongly, 64, 64));
        Assert.InRange(near, 0.9, 0.9999);
        Assert.InRange(far, -1, 0.5);
    }

    private static PixelGrid Pattern(int width, int height, bool hasAlpha)
    {
        var rgba = new byte[width * height * 4];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var at = 4 * (x + (y * width));
                rgba[at] = (byte)(x * 255 / (width - 1));
                rgba[at + 1] = (byte)(y * 255 / (height - 1));
                rgba[at + 2] = (byte)((x * 7) + (y * 13));
                rgba[at + 3] = (byte)(!hasAlpha || (x + y) % 2 == 1 ? 255 : 64);
            }
        }

        return new PixelGrid(width, height, rgba);
    }
}
