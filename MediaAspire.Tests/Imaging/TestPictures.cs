using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.CompilerServices;
using MediaAspire.Core.Imaging;
using MediaAspire.Worker.Imaging.Child;
using NetVips;

namespace MediaAspire.Tests.Imaging;

/// <summary>Pictures for tests, made and read by libvips in this process: their bytes are ours.</summary>
internal static class TestPictures
{
    // libvips can be loaded once, by the first test that needs it.
    private static readonly string s_version = VipsLibrary.Load().Version;

    /// <summary>Makes pixels with a different colour in each corner, smooth between them, and some texture.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Image Scene(int width, int height, int seed = 1)
    {
        Assert.NotEmpty(s_version);
        using var places = Image.Xyz(width, height);
        using var x = places.ExtractBand(0) * (255.0 / width);
        using var y = places.ExtractBand(1) * (255.0 / height);
        using var waves = ((x * (0.05 * seed)).Sin() + (y * 0.07).Sin()) * 30;
        return ((x * 0.7) + waves + 30).Bandjoin((y * 0.7) + waves + 30, (255 - x) * 0.6 + (y * 0.3))
            .Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb).CopyMemory();
    }

    /// <summary>Adds an alpha channel: opaque in a circle, transparent outside.</summary>
    public static Image WithCircle(Image image)
    {
        using var places = Image.Xyz(image.Width, image.Height);
        var x = places.ExtractBand(0) - (image.Width / 2.0);
        var y = places.ExtractBand(1) - (image.Height / 2.0);
        var inside = ((x * x) + (y * y)) < Math.Pow(Math.Min(image.Width, image.Height) / 2.2, 2);
        return image.Bandjoin(inside).Copy(interpretation: Enums.Interpretation.Srgb).CopyMemory();
    }

    /// <summary>Turns pixels such that the orientation turns them back.</summary>
    public static Image Stored(Image shown, int orientation) => (orientation switch
    {
        2 => shown.Flip(Enums.Direction.Horizontal),
        3 => shown.Rot180(),
        4 => shown.Flip(Enums.Direction.Vertical),
        5 => shown.Rot270().Flip(Enums.Direction.Vertical),
        6 => shown.Rot270(),
        7 => shown.Rot90().Flip(Enums.Direction.Vertical),
        8 => shown.Rot90(),
        _ => shown,
    }).Mutate(image => image.Set(GValue.GIntType, "orientation", orientation));

    /// <summary>Joins frames into an animation.</summary>
    public static Image Animated(params Image[] frames) => Image.Arrayjoin(frames, across: 1).Mutate(strip =>
    {
        strip.Set(GValue.GIntType, "page-height", frames[0].Height);
        strip.Set(GValue.ArrayIntType, "delay", Enumerable.Range(1, frames.Length).Select(frame => 100 * frame).ToArray());
        strip.Set(GValue.GIntType, "loop", 3);
    });

    /// <summary>Writes a file with its metadata.</summary>
    public static void Write(Image image, string path, ImageFormat format)
    {
        const Enums.ForeignKeep all = Enums.ForeignKeep.All;
        switch (format)
        {
            case ImageFormat.Jpeg:
                image.Jpegsave(path, q: 95, keep: all);
                break;
            case ImageFormat.Png:
                image.Pngsave(path, keep: all & ~Enums.ForeignKeep.Exif);
                break;
            case ImageFormat.Webp:
                image.Webpsave(path, lossless: true, keep: all);
                break;
            case ImageFormat.Gif:
                image.Gifsave(path, keep: all);
                break;
            case ImageFormat.Avif:
                image.Heifsave(path, q: 90, compression: Enums.ForeignHeifCompression.Av1, effort: 1, keep: all);
                break;
            case ImageFormat.Jxl:
                image.Jxlsave(path, q: 95, effort: 3, keep: all);
                break;
            case ImageFormat.Tiff:
                image.Tiffsave(path, compression: Enums.ForeignTiffCompression.Deflate, keep: all);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(format), format, "Not one of libvips.");
        }
    }

    /// <summary>Puts an orientation into a PNG, as cameras and editors do: in a chunk <c>eXIf</c> after the header.</summary>
    public static async Task AddOrientationAsync(string path, int orientation)
    {
        // One entry of TIFF: orientation, a short number.
        byte[] body = [.. "eXIfMM"u8, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0];
        var (length, sum) = (new byte[4], new byte[4]);
        BinaryPrimitives.WriteInt32BigEndian(length, body.Length - 4);
        BinaryPrimitives.WriteUInt32BigEndian(sum, Crc32.HashToUInt32(body));

        // The signature has 8 bytes, the chunk of the header 25.
        var bytes = await File.ReadAllBytesAsync(path);
        await File.WriteAllBytesAsync(path, [.. bytes[..33], .. length, .. body, .. sum, .. bytes[33..]]);
    }

    /// <summary>Reads a file with all its frames.</summary>
    public static Image Read(string path, ImageFormat format)
    {
        Assert.NotEmpty(s_version);
        return PictureLoader.Open(path, format, frames: -1).CopyMemory();
    }

    /// <summary>Computes the peak signal-to-noise ratio of two images of the same size, in decibels; 100 for equal ones.</summary>
    public static double Psnr(Image first, Image second)
    {
        Assert.Equal((first.Width, first.Height, first.Bands), (second.Width, second.Height, second.Bands));
        using var difference = first.Cast(Enums.BandFormat.Float) - second.Cast(Enums.BandFormat.Float);
        using var squared = difference * difference;
        var error = squared.Avg();
        return error == 0 ? 100 : Math.Min(100, 10 * Math.Log10(255 * 255 / error));
    }
}
