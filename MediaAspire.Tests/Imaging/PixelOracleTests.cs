using System.Diagnostics;
using System.Globalization;
using MediaAspire.Core.Imaging;
using NetVips;
using Xunit.Abstractions;

namespace MediaAspire.Tests.Imaging;

/// <summary>
/// Random chains of operations, beside the same ones by the program <c>vips</c>, one process an operation.
/// <c>MEDIAASPIRE_ORACLE_CHAINS</c> is their number, 12 by default.
/// </summary>
public sealed class PixelOracleTests(ImagingFixture imaging, ITestOutputHelper output) : IClassFixture<ImagingFixture>
{
    private const int Pictures = 20;
    private const double LeastPsnr = 40;

    [Fact]
    public async Task Chains_give_the_pixels_of_the_command_line()
    {
        var count = int.Parse(Environment.GetEnvironmentVariable("MEDIAASPIRE_ORACLE_CHAINS") ?? "12", CultureInfo.InvariantCulture);
        var random = new Random(20_261_130);
        var pictures = Enumerable.Range(0, Math.Min(count, Pictures)).Select(seed => MakePicture(new Random(seed), seed)).ToList();
        var least = double.MaxValue;
        for (var i = 0; i < count; i++)
        {
            var (source, format) = pictures[i % pictures.Count];
            using var original = TestPictures.Read(source, format);
            var chain = Chain(random, original.Width, original.Height);

            var (path, _) = await imaging.TransformAsync(source, new ImageRequest([.. chain.Select(link => link.Step)], ImageFormat.Png));
            var expected = await RunAsync(source, chain.SelectMany(link => link.Commands));

            using var actualPixels = TestPictures.Read(path, ImageFormat.Png);
            using var expectedPixels = TestPictures.Read(expected, ImageFormat.Png);
            var psnr = TestPictures.Psnr(expectedPixels, actualPixels);
            least = Math.Min(least, psnr);
            Assert.True(
                psnr >= LeastPsnr,
                $"Chain {i} on {format} {original.Width}×{original.Height}: {psnr:0.0} dB: "
                + string.Join(", ", chain.Select(link => link.Step)));
        }

        output.WriteLine($"{count} chains, least {least:0.0} dB");
    }

    private (string Path, ImageFormat Format) MakePicture(Random random, int seed)
    {
        // Lossless ones, so that decoders of other versions agree.
        var format = (seed % 4) switch { 0 => ImageFormat.Webp, 1 => ImageFormat.Tiff, _ => ImageFormat.Png };
        var path = imaging.NewFile("." + ImageFormats.ExtensionOf(format));
        var picture = TestPictures.Scene(random.Next(120, 700), random.Next(120, 500), 1 + seed);
        TestPictures.Write(seed % 5 == 4 ? picture.Colourspace(Enums.Interpretation.Bw) : picture, path, format);
        return (path, format);
    }

    // Each step, and the same as commands whose place-holders are the input and the output.
    private static List<(ImageStep Step, string[][] Commands)> Chain(Random random, int width, int height)
    {
        List<(ImageStep, string[][])> chain = [];
        for (var length = random.Next(1, 5); length > 0; length--)
        {
            switch (random.Next(9))
            {
                case 0 or 1:
                    var filter = (ResizeFilter)random.Next(6);
                    var size = random.Next(40, Math.Max(41, Math.Max(width, height)));
                    var scale = Math.Min(1.0, (double)size / Math.Max(width, height));
                    var (toWidth, toHeight) = (Round(width * scale), Round(height * scale));
                    chain.Add((new ImageStep.Resize(size, filter), Scaled(width, height, toWidth, toHeight, filter)));
                    (width, height) = (toWidth, toHeight);
                    break;
                case 2:
                    var (forcedWidth, forcedHeight) = (random.Next(30, 400), random.Next(30, 400));
                    chain.Add((
                        new ImageStep.ResizeTo(forcedWidth, forcedHeight, ResizeMode.Force, FocusPoint.Centre, MayEnlarge: true),
                        Scaled(width, height, forcedWidth, forcedHeight, ResizeFilter.Lanczos3)));
                    (width, height) = (forcedWidth, forcedHeight);
                    break;
                case 3:
                    var (left, top) = (random.Next(0, width / 2), random.Next(0, height / 2));
                    var (cropWidth, cropHeight) = (random.Next(1, width - left + 1), random.Next(1, height - top + 1));
                    var focus = new FocusPoint((left + (cropWidth / 2.0)) / width, (top + (cropHeight / 2.0)) / height);

                    // Rounding in the focus may move the crop by a pixel; a whole rectangle may not.
                    var (x, y) = (
                        (int)Math.Floor((focus.X * width) - (cropWidth / 2.0)), (int)Math.Floor((focus.Y * height) - (cropHeight / 2.0)));
                    chain.Add((
                        new ImageStep.CropTo(cropWidth, cropHeight, focus),
                        [["extract_area", "{in}", "{out}", $"{Math.Max(0, x)}", $"{Math.Max(0, y)}", $"{cropWidth}", $"{cropHeight}"]]));
                    (width, height) = (cropWidth, cropHeight);
                    break;
                case 4:
                    var sigma = 0.5 + (random.NextDouble() * 6);
                    chain.Add((new ImageStep.Blur(sigma), [["gaussblur", "{in}", "{out}", Text(sigma)]]));
                    break;
                case 5:
                    var degrees = random.Next(1, 4) * 90;
                    chain.Add((new ImageStep.Rotate(degrees), [["rot", "{in}", "{out}", $"d{degrees}"]]));
                    (width, height) = degrees == 180 ? (width, height) : (height, width);
                    break;
                case 6:
                    chain.Add((new ImageStep.Flip(true, false), [["flip", "{in}", "{out}", "horizontal"]]));
                    break;
                case 7:
                    chain.Add((new ImageStep.Flip(false, true), [["flip", "{in}", "{out}", "vertical"]]));
                    break;
                default:
                    var sharpness = 0.5 + (random.NextDouble() * 2);
                    chain.Add((new ImageStep.Sharpen(sharpness), [["sharpen", "{in}", "{out}", "--sigma", Text(sharpness)]]));
                    break;
            }
        }

        return chain;
    }

    private static string[][] Scaled(int width, int height, int toWidth, int toHeight, ResizeFilter filter)
    {
        if (width == toWidth && height == toHeight)
        {
            return [];
        }

        var kernel = filter switch
        {
            ResizeFilter.Nearest => "nearest",
            ResizeFilter.Triangle => "linear",
            ResizeFilter.Lanczos2 => "lanczos2",
            ResizeFilter.Lanczos3 => "lanczos3",
            _ => "mitchell",
        };
        return
        [
            [
                "resize", "{in}", "{out}", Text((double)toWidth / width), "--vscale", Text((double)toHeight / height), "--kernel", kernel,
            ],
        ];
    }

    private async Task<string> RunAsync(string source, IEnumerable<string[]> commands)
    {
        // A chain may have no command: a size that the picture has already.
        var all = commands.DefaultIfEmpty(["copy", "{in}", "{out}"]).ToList();
        var current = source;
        foreach (var (command, index) in all.Select((command, index) => (command, index)))
        {
            var next = imaging.NewFile(index == all.Count - 1 ? ".png" : ".v");
            await VipsAsync([.. command.Select(word => word switch { "{in}" => current, "{out}" => next, _ => word })]);
            current = next;
        }

        return current;
    }

    private static async Task VipsAsync(string[] arguments)
    {
        var start = new ProcessStartInfo("vips", arguments) { RedirectStandardError = true };
        start.Environment["VIPS_CONCURRENCY"] = "1";
        using var vips = Process.Start(start);
        Assert.NotNull(vips);
        var errors = await vips.StandardError.ReadToEndAsync();
        await vips.WaitForExitAsync();
        Assert.True(vips.ExitCode == 0, $"vips {string.Join(' ', arguments)}: {errors}");
    }

    private static int Round(double value) => Math.Max(1, (int)Math.Round(value, MidpointRounding.AwayFromZero));

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
