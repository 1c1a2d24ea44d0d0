using System.Buffers.Binary;
using MediaAspire.Core.ContentTypes;

namespace MediaAspire.Core.Imaging;

/// <summary>Detects the formats that the platform reads by the first bytes of content.</summary>
public static class FormatDetector
{
    private const int PngSignatureBytes = 8;
    private const int PngChunkOverhead = 12;

    /// <summary>Detects the format of content.</summary>
    /// <param name="head">The first <see cref="TypeDetector.HeadBytes"/> bytes, or all of them.</param>
    /// <returns><see langword="null"/> for content that the platform does not read, such as SVG.</returns>
    public static ImageFormat? Detect(ReadOnlySpan<byte> head) => TypeDetector.Detect(head)?.Name switch
    {
        "image/png" => IsAnimatedPng(head) ? ImageFormat.Apng : ImageFormat.Png,
        "image/jpeg" => ImageFormat.Jpeg,
        "image/gif" => ImageFormat.Gif,
        "image/webp" => ImageFormat.Webp,
        "image/avif" => ImageFormat.Avif,
        // The brands mif1 and msf1 say HEIF only; the codec is named among the compatible ones.
        "image/heic" => HasBrand(head, "avif"u8) || HasBrand(head, "avis"u8) ? ImageFormat.Avif : ImageFormat.Heic,
        "image/jxl" => ImageFormat.Jxl,
        "image/tiff" => ImageFormat.Tiff,
        "video/mp4" => ImageFormat.Mp4,
        "video/webm" => ImageFormat.Webm,
        "video/quicktime" => ImageFormat.Mov,
        _ => null,
    };

    // https://www.w3.org/TR/png-3/#acTL-chunk: the chunk comes before the first IDAT.
    private static bool IsAnimatedPng(ReadOnlySpan<byte> head)
    {
        long at = PngSignatureBytes;
        while (at + PngChunkOverhead <= head.Length)
        {
            var chunk = head[(int)at..];
            if (chunk[4..8].SequenceEqual("acTL"u8))
            {
                return true;
            }

            if (chunk[4..8].SequenceEqual("IDAT"u8))
            {
                return false;
            }

            at += PngChunkOverhead + BinaryPrimitives.ReadUInt32BigEndian(chunk);
        }

        return false;
    }

    private static bool HasBrand(ReadOnlySpan<byte> head, ReadOnlySpan<byte> brand)
    {
        var end = (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(head), Math.Min(head.Length, 256));
        for (var at = 8; at + 4 <= end; at += 4)
        {
            if (head.Slice(at, 4).SequenceEqual(brand))
            {
                return true;
            }
        }

        return false;
    }
}
