using MediaAspire.Core.Imaging;
using NetVips;

namespace MediaAspire.Tests.Imaging;

public sealed class PictureTests(ImagingFixture imaging) : IClassFixture<ImagingFixture>
{
    [Theory]
    [InlineData(ImageFormat.Jpeg)]
    [InlineData(ImageFormat.Png)]
    [InlineData(ImageFormat.Webp)]
    [InlineData(ImageFormat.Gif)]
    [InlineData(ImageFormat.Avif)]
    [InlineData(ImageFormat.Jxl)]
    [InlineData(ImageFormat.Tiff)]
    public async Task Every_format_is_described_and_becomes_every_other(ImageFormat format)
    {
        var source = imaging.NewFile(".bin");
        TestPictures.Write(TestPictures.Scene(200, 150), source, format);

        var details = await imaging.ProbeAsync(source);

        Assert.Equal((format, 200, 150, 1), (details.Format, details.Width, details.Height, details.Frames));
        Assert.InRange(Convert.FromBase64String(details.ThumbHash!).Length, 15, 30);
        Assert.Equal(28, details.BlurHash?.Length);
        Assert.Matches("^#[0-9a-f]{6}$", details.DominantColour);
        foreach (var target in new[]
        {
            ImageFormat.Jpeg, ImageFormat.Png, ImageFormat.Webp, ImageFormat.Gif, ImageFormat.Avif, ImageFormat.Jxl, ImageFormat.Apng,
        })
        {
            var (path, made) = await imaging.TransformAsync(source, new ImageRequest([new ImageStep.Resize(100)], target));

            Assert.Equal((target, 100, 75, 1), (made.Format, made.Width, made.Height, made.Frames));
            using var read = TestPictures.Read(path, target == ImageFormat.Apng ? ImageFormat.Png : target);
            Assert.Equal((100, 75), (read.Width, read.Height));
        }
    }

    [Theory]
    [InlineData(ImageFormat.Jpeg)]
    [InlineData(ImageFormat.Png)]
    [InlineData(ImageFormat.Webp)]
    [InlineData(ImageFormat.Tiff)]
    public async Task All_eight_orientations_look_the_same(ImageFormat format)
    {
        using var shown = TestPictures.Scene(120, 80);
        for (var orientation = 1; orientation <= 8; orientation++)
        {
            var source = imaging.NewFile(".bin");
            using var stored = TestPictures.Stored(shown, orientation);
            TestPictures.Write(stored, source, format);
            if (format == ImageFormat.Png)
            {
                await TestPictures.AddOrientationAsync(source, orientation);
            }

            Assert.Equal(orientation >= 5 ? (80, 120) : (120, 80), (stored.Width, stored.Height));

            var details = await imaging.ProbeAsync(source);
            var (whole, _) = await imaging.TransformAsync(source, new ImageRequest([], ImageFormat.Png));
            var (scaled, _) = await imaging.TransformAsync(
                source, new ImageRequest([new ImageStep.Resize(60), new ImageStep.CropTo(30, 20, new FocusPoint(0, 0))], ImageFormat.Png));

            Assert.Equal((120, 80), (details.Width, details.Height));
            using var read = TestPictures.Read(whole, ImageFormat.Png);
            Assert.InRange(TestPictures.Psnr(shown, read), 35, 100);
            Assert.False(read.Contains("orientation"));
            using var corner = TestPictures.Read(scaled, ImageFormat.Png);
            Assert.InRange(TestPictures.Psnr(shown.Resize(0.5).Crop(0, 0, 30, 20), corner), 30, 100);
        }
    }

    [Fact]
    public async Task A_picture_of_a_phone_in_HEIC_is_read_and_none_is_written()
    {
        var source = imaging.NewFile(".bin");
        using var scene = TestPictures.Scene(200, 150);
        scene.Heifsave(source, q: 90, compression: NetVips.Enums.ForeignHeifCompression.Hevc);

        var details = await imaging.ProbeAsync(source);
        var (path, made) = await imaging.TransformAsync(source, new ImageRequest([new ImageStep.Resize(100)], ImageFormat.Png));
        var heic = await imaging.Processor.TransformAsync(
            source, imaging.NewFile(".heic"), new ImageRequest([], ImageFormat.Heic), new ImageLimits(), CancellationToken.None);

        Assert.Equal((ImageFormat.Heic, 200, 150), (details.Format, details.Width, details.Height));
        Assert.Equal((100, 75), (made.Width, made.Height));
        using var read = TestPictures.Read(path, ImageFormat.Png);
        Assert.InRange(TestPictures.Psnr(scene.Resize(0.5), read), 30, 100);
        Assert.Equal("media-disallowed", heic.Failure?.Code);
    }

    [Fact]
    public async Task Colour_profiles_are_converted_to_sRGB_and_removed()
    {
        using var original = TestPictures.Scene(64, 64);
        using var wide = original.IccTransform("p3", inputProfile: "srgb");
        var source = imaging.NewFile(".png");
        TestPictures.Write(wide, source, ImageFormat.Png);
        Assert.InRange(TestPictures.Psnr(original, wide), 0, 38);

        var (path, _) = await imaging.TransformAsync(source, new ImageRequest([], ImageFormat.Png));

        using var read = TestPictures.Read(path, ImageFormat.Png);
        Assert.InRange(TestPictures.Psnr(original, read), 42, 100);
        Assert.False(read.Contains("icc-profile-data"));
    }

    [Fact]
    public async Task A_damaged_profile_is_ignored()
    {
        using var original = TestPictures.Scene(64, 64);
        using var damaged = original.Mutate(image => image.Set(GValue.BlobType, "icc-profile-data", new byte[200]));
        var source = imaging.NewFile(".jpg");
        TestPictures.Write(damaged, source, ImageFormat.Jpeg);

        var (path, _) = await imaging.TransformAsync(source, new ImageRequest([], ImageFormat.Png));

        using var read = TestPictures.Read(path, ImageFormat.Png);
        Assert.InRange(TestPictures.Psnr(original, read), 35, 100);
    }

    [Fact]
    public async Task Cmyk_becomes_rgb()
    {
        using var original = TestPictures.Scene(64, 64);
        using var cmyk = original.IccTransform("cmyk", inputProfile: "srgb");
        var source = imaging.NewFile(".jpg");
        TestPictures.Write(cmyk, source, ImageFormat.Jpeg);

        var (path, details) = await imaging.TransformAsync(
            source, new ImageRequest([new ImageStep.Resize(32)], ImageFormat.Png));

        using var read = TestPictures.Read(path, ImageFormat.Png);
        Assert.Equal((3, false), (read.Bands, details.HasAlpha));
        // Printing colours are fewer.
        Assert.InRange(TestPictures.Psnr(original.Resize(0.5), read), 20, 100);
    }

    [Fact]
    public async Task Sixteen_bits_and_grey_become_eight_bits()
    {
        using var original = TestPictures.Scene(64, 64);
        using var deep = (original.Cast(Enums.BandFormat.Ushort) * 257).Cast(Enums.BandFormat.Ushort)
            .Copy(interpretation: Enums.Interpretation.Rgb16);
        using var grey = original.Colourspace(Enums.Interpretation.Bw);
        var (deepFile, greyFile) = (imaging.NewFile(".png"), imaging.NewFile(".png"));
        TestPictures.Write(deep, deepFile, ImageFormat.Png);
        TestPictures.Write(grey, greyFile, ImageFormat.Png);

        var (deepResult, _) = await imaging.TransformAsync(deepFile, new ImageRequest([], ImageFormat.Png));
        var (greyResult, _) = await imaging.TransformAsync(
            greyFile, new ImageRequest([new ImageStep.Flatten(0xFF0000)], ImageFormat.Png));

        using var deepRead = TestPictures.Read(deepResult, ImageFormat.Png);
        Assert.InRange(TestPictures.Psnr(original, deepRead), 48, 100);
        using var greyRead = TestPictures.Read(greyResult, ImageFormat.Png);
        Assert.InRange(TestPictures.Psnr(grey, greyRead), 99, 100);
    }

    [Fact]
    public async Task Transparency_is_kept_flattened_on_white_or_on_a_colour()
    {
        using var picture = TestPictures.WithCircle(TestPictures.Scene(100, 100));
        var source = imaging.NewFile(".png");
        TestPictures.Write(picture, source, ImageFormat.Png);

        var (webp, kept) = await imaging.TransformAsync(source, new ImageRequest([new ImageStep.Resize(50)], ImageFormat.Webp));
        var (jpeg, white) = await imaging.TransformAsync(source, new ImageRequest([new ImageStep.Resize(50)], ImageFormat.Jpeg));
        var (png, coloured) = await imaging.TransformAsync(source, new ImageRequest([new ImageStep.Flatten(0x204060)], ImageFormat.Png));

        Assert.True(kept.HasAlpha);
        Assert.False(white.HasAlpha);
        Assert.False(coloured.HasAlpha);
        using var webpRead = TestPictures.Read(webp, ImageFormat.Webp);
        Assert.Equal(0, webpRead[0, 0][3]);
        Assert.Equal(255, webpRead[25, 25][3]);
        using var jpegRead = TestPictures.Read(jpeg, ImageFormat.Jpeg);
        Assert.All(jpegRead[0, 0], value => Assert.InRange(value, 250, 255));
        using var pngRead = TestPictures.Read(png, ImageFormat.Png);
        Assert.Equal([0x20, 0x40, 0x60], pngRead[0, 0]);
    }

    [Fact]
    public async Task Transparent_pixels_do_not_bleed_into_their_neighbours()
    {
        // Left half: opaque white. Right half: transparent, with black behind.
        using var white = Image.Black(32, 32, bands: 4) + 255;
        using var picture = white.Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb)
            .Embed(0, 0, 64, 32, Enums.Extend.Black);
        var source = imaging.NewFile(".png");
        TestPictures.Write(picture, source, ImageFormat.Png);

        var (path, _) = await imaging.TransformAsync(
            source, new ImageRequest([new ImageStep.Blur(4), new ImageStep.Resize(20)], ImageFormat.Png));

        using var read = TestPictures.Read(path, ImageFormat.Png);
        var visible = Enumerable.Range(0, 20).Select(x => read[x, 5]).Where(pixel => pixel[3] > 20).ToList();
        Assert.NotEmpty(visible);
        Assert.All(visible, pixel => Assert.InRange(pixel[0], 250, 255));
    }

    [Fact]
    public async Task Metadata_are_left_out()
    {
        using var picture = TestPictures.Scene(80, 60).Mutate(image =>
        {
            image.Set(GValue.GStrType, "exif-ifd0-Artist", "somebody");
            image.Set(GValue.BlobType, "xmp-data", "<x:xmpmeta>private-place</x:xmpmeta>"u8.ToArray());
        });
        var source = imaging.NewFile(".jpg");
        TestPictures.Write(picture, source, ImageFormat.Jpeg);
        Assert.Contains("private-place", await File.ReadAllTextAsync(source, System.Text.Encoding.Latin1), StringComparison.Ordinal);

        foreach (var format in new[] { ImageFormat.Jpeg, ImageFormat.Png, ImageFormat.Webp, ImageFormat.Avif, ImageFormat.Jxl })
        {
            var (path, _) = await imaging.TransformAsync(source, new ImageRequest([], format));

            var text = await File.ReadAllTextAsync(path, System.Text.Encoding.Latin1);
            Assert.DoesNotContain("private-place", text, StringComparison.Ordinal);
            Assert.DoesNotContain("somebody", text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(ImageFormat.Jpeg)]
    [InlineData(ImageFormat.Webp)]
    [InlineData(ImageFormat.Avif)]
    public async Task Automatic_quality_is_smaller_and_looks_the_same(ImageFormat format)
    {
        var source = imaging.NewFile(".png");
        using var scene = TestPictures.Scene(320, 240, seed: 9);
        TestPictures.Write(scene, source, ImageFormat.Png);

        var (automatic, _) = await imaging.TransformAsync(source, new ImageRequest([], format) { HasAutomaticQuality = true });
        var (high, _) = await imaging.TransformAsync(source, new ImageRequest([], format) { Quality = 95 });
        var (low, _) = await imaging.TransformAsync(source, new ImageRequest([], format) { Quality = 5 });

        Assert.InRange(new FileInfo(automatic).Length, 1, new FileInfo(high).Length - 1);
        Assert.InRange(new FileInfo(low).Length, 1, new FileInfo(automatic).Length);
        using var read = TestPictures.Read(automatic, format);
        Assert.InRange(TestPictures.Psnr(scene, read), 27, 100);
    }

    [Fact]
    public async Task A_smart_crop_finds_what_is_interesting()
    {
        // Grey, with a small red disc at the right.
        using var disc = TestPictures.WithCircle(TestPictures.Scene(60, 60));
        using var ground = (Image.Black(400, 100, bands: 3) + 120)
            .Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);
        using var picture = ground.Composite(disc, Enums.BlendMode.Over, x: 330, y: 20).Flatten().Cast(Enums.BandFormat.Uchar);
        var source = imaging.NewFile(".png");
        TestPictures.Write(picture, source, ImageFormat.Png);

        var (path, _) = await imaging.TransformAsync(
            source, new ImageRequest([new ImageStep.CropTo(100, 100, FocusPoint.Smart)], ImageFormat.Png));
        var (middle, _) = await imaging.TransformAsync(
            source, new ImageRequest([new ImageStep.CropTo(100, 100, FocusPoint.Centre)], ImageFormat.Png));

        using var read = TestPictures.Read(path, ImageFormat.Png);
        using var plain = TestPictures.Read(middle, ImageFormat.Png);
        Assert.InRange(read.Deviate(), 10, 255);
        Assert.InRange(plain.Deviate(), 0, 1);
    }

    [Theory]
    [InlineData(ImageFormat.Gif)]
    [InlineData(ImageFormat.Webp)]
    public async Task Animations_keep_their_frames_times_and_loops(ImageFormat format)
    {
        Image[] frames = [.. Enumerable.Range(1, 5).Select(seed => TestPictures.Scene(64, 48, seed))];
        var source = imaging.NewFile(".bin");
        TestPictures.Write(TestPictures.Animated(frames), source, format);
        ImageStep[] steps =
        [
            new ImageStep.Resize(32), new ImageStep.CropToRatio(1, 1), new ImageStep.Rotate(90), new ImageStep.Blur(0.8),
            new ImageStep.Flip(IsHorizontal: true, IsVertical: false), new ImageStep.Pad(1, 1, 1, 1),
        ];

        var details = await imaging.ProbeAsync(source);
        Assert.Equal((5, TimeSpan.FromSeconds(1.5), 64, 48), (details.Frames, details.Duration, details.Width, details.Height));

        foreach (var target in new[] { ImageFormat.Gif, ImageFormat.Webp })
        {
            var (path, made) = await imaging.TransformAsync(source, new ImageRequest(steps, target));

            Assert.Equal((5, 26, 26, TimeSpan.FromSeconds(1.5)), (made.Frames, made.Width, made.Height, made.Duration!.Value));
            using var read = TestPictures.Read(path, target);
            Assert.Equal(5 * 26, read.Height);
            Assert.Equal([100, 200, 300, 400, 500], (int[])read.Get("delay"));
            Assert.Equal(3, read.Get("loop"));
        }

        var (still, one) = await imaging.TransformAsync(source, new ImageRequest(steps, ImageFormat.Webp) { TakesOneFrame = true });
        Assert.Equal((1, (TimeSpan?)null), (one.Frames, one.Duration));
        using var stillRead = TestPictures.Read(still, ImageFormat.Webp);
        Assert.Equal(26, stillRead.Height);
        var (_, jpeg) = await imaging.TransformAsync(source, new ImageRequest([], ImageFormat.Jpeg));
        Assert.Equal(1, jpeg.Frames);
    }

    [Fact]
    public async Task An_animation_becomes_an_APNG_with_the_same_frames()
    {
        Image[] frames = [.. Enumerable.Range(1, 3).Select(seed => TestPictures.Scene(64, 48, seed))];
        var source = imaging.NewFile(".webp");
        TestPictures.Write(TestPictures.Animated(frames), source, ImageFormat.Webp);

        var (path, details) = await imaging.TransformAsync(source, new ImageRequest([], ImageFormat.Apng));

        Assert.Equal((ImageFormat.Apng, 3), (details.Format, details.Frames));
        var bytes = await File.ReadAllBytesAsync(path);
        Assert.Equal(ImageFormat.Apng, FormatDetector.Detect(bytes));
        Assert.Equal(3, bytes.AsSpan().Count("fcTL"u8));
        using var first = TestPictures.Read(path, ImageFormat.Png);
        Assert.InRange(TestPictures.Psnr(frames[0], first.ExtractBand(0, n: 3)), 40, 100);
    }

    [Fact]
    public async Task Content_counts_not_the_name()
    {
        var source = imaging.NewFile(".jpg");
        TestPictures.Write(TestPictures.Scene(64, 48), source, ImageFormat.Png);
        Assert.Equal(ImageFormat.Png, (await imaging.ProbeAsync(source)).Format);

        await File.WriteAllTextAsync(source, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>");
        Assert.Equal("media-disallowed", await FailureAsync(source));
        await File.WriteAllTextAsync(source, "");
        Assert.Equal("validate-file-empty", await FailureAsync(source));
        await File.WriteAllBytesAsync(source, [0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3, 4]);
        Assert.Equal("image-unreadable", await FailureAsync(source));
    }

    [Fact]
    public async Task Limits_are_checked_by_the_header()
    {
        var source = imaging.NewFile(".png");
        TestPictures.Write(TestPictures.Scene(300, 200), source, ImageFormat.Png);
        var limits = new ImageLimits { Picture = new FrameLimits(299, 1000, 1_000_000, 1) };

        var probed = await imaging.Processor.ProbeAsync(source, limits, CancellationToken.None);
        var enlarged = await imaging.Processor.TransformAsync(
            source, imaging.NewFile(".png"),
            new ImageRequest([new ImageStep.ResizeTo(20_000, null, ResizeMode.Fit, FocusPoint.Centre, MayEnlarge: true)], ImageFormat.Png),
            new ImageLimits(), CancellationToken.None);

        Assert.Equal("validate-width", probed.Failure?.Code);
        Assert.Equal("validate-width", enlarged.Failure?.Code);
    }

    [Fact]
    public async Task A_picture_becomes_no_video()
    {
        var source = imaging.NewFile(".png");
        TestPictures.Write(TestPictures.Scene(30, 20), source, ImageFormat.Png);

        var outcome = await imaging.Processor.TransformAsync(
            source, imaging.NewFile(".mp4"), new ImageRequest([], ImageFormat.Mp4), new ImageLimits(), CancellationToken.None);

        Assert.Equal("media-disallowed", outcome.Failure?.Code);
    }

    [Fact]
    public async Task Two_pictures_side_by_side_do_not_mix()
    {
        var sources = new List<string>();
        for (var seed = 1; seed <= 8; seed++)
        {
            sources.Add(imaging.NewFile(".png"));
            TestPictures.Write(TestPictures.Scene(100 + seed, 100), sources[^1], ImageFormat.Png);
        }

        var all = await Task.WhenAll(sources.Select(imaging.ProbeAsync));

        Assert.Equal(Enumerable.Range(101, 8), all.Select(details => details.Width));
    }

    private async Task<string?> FailureAsync(string source) =>
        (await imaging.Processor.ProbeAsync(source, new ImageLimits(), CancellationToken.None)).Failure?.Code;
}
