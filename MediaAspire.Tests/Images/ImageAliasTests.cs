using MediaAspire.Core.Ids;
using MediaAspire.Core.Images;
using MediaAspire.Core.Imaging;

namespace MediaAspire.Tests.Images;

public sealed class ImageAliasTests
{
    [Theory]
    [InlineData("a.jpg", true)]
    [InlineData("b5f1a6c0-6f0f-4c8e-9d7a-2f1f6f0c1f11.jpg", true)]
    [InlineData("archive.tar.gz", true)]
    [InlineData("backgrounded", false)]
    [InlineData(".jpg", false)]
    [InlineData("..", false)]
    [InlineData("a.", false)]
    [InlineData("a/b.jpg", false)]
    [InlineData("a b.jpg", false)]
    [InlineData("a.jpg\n", false)]
    [InlineData("ä.jpg", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void TryParse_AcceptsNamesWithAnExtension(string? text, bool expected) =>
        Assert.Equal(expected, ImageAlias.TryParse(text, out _));

    [Fact]
    public void TryParse_LongerThanTheColumn_Fails()
    {
        Assert.True(ImageAlias.TryParse(new string('a', 96) + ".jpg", out _));
        Assert.False(ImageAlias.TryParse(new string('a', 97) + ".jpg", out _));
    }

    [Fact]
    public void New_IsParsedAndRandom()
    {
        var aliases = Enum.GetValues<ImageFormat>().Select(ImageAlias.New).ToList();

        Assert.All(aliases, alias => Assert.True(ImageAlias.TryParse(alias.Value, out _)));
        Assert.NotEqual(ImageAlias.New(ImageFormat.Png), ImageAlias.New(ImageFormat.Png));
    }

    [Fact]
    public void DeleteToken_MatchesItsHashOnly()
    {
        var token = DeleteToken.New();

        Assert.Equal(32, token.Reveal().Length);
        Assert.True(token.Matches(token.Hash()));
        Assert.False(DeleteToken.New().Matches(token.Hash()));
        Assert.False(DeleteToken.TryParse("", out _));
        Assert.False(DeleteToken.TryParse(new string('x', 201), out _));
        Assert.DoesNotContain(token.Reveal(), $"{token}", StringComparison.Ordinal);
    }

    [Fact]
    public void ImageHash_IsParsedAsItIsWritten()
    {
        var hash = new ImageHash(new(new byte[32]), 123, "png");

        Assert.True(ImageHash.TryParse($"{hash}", out var parsed));
        Assert.Equal(hash, parsed);
        Assert.False(ImageHash.TryParse($"{hash}!", out _));
        Assert.False(ImageHash.TryParse("00-1-png", out _));
        Assert.False(ImageHash.TryParse($"{new string('0', 64)}-99999999999999999999-png", out _));
    }

    [Fact]
    public void ImageKeys_AreNeverTheSameAndNameTheirBlob()
    {
        var blob = BlobId.New(TimeProvider.System);
        var key = ImageKeys.New(blob);

        Assert.NotEqual(key, ImageKeys.New(blob));
        Assert.True(ImageKeys.TryParse(key, out var parsed));
        Assert.Equal(blob, parsed);
        Assert.False(ImageKeys.TryParse($"media/{key}", out _));
        Assert.False(ImageKeys.TryParse(key.ToUpperInvariant(), out _));
    }

    [Fact]
    public void Details_AreReadAsTheyWereWritten()
    {
        var details = new ImageDetails
        {
            Format = ImageFormat.Mp4,
            Width = 3,
            Height = 2,
            Frames = 50,
            Duration = TimeSpan.FromSeconds(1.5),
            HasAudio = true,
            VideoCodec = "h264",
            ThumbHash = "AAA=",
            DominantColour = "#102030",
        };

        var json = ImageDetailsFormat.Write(details);

        Assert.Equal(details, ImageDetailsFormat.Read(json));
        Assert.Contains("\"format\":\"mp4\"", json, StringComparison.Ordinal);
    }
}
