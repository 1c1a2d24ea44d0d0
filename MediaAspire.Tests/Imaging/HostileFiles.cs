using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;
using MediaAspire.Core.Imaging;

namespace MediaAspire.Tests.Imaging;

/// <summary>Makes files that try to harm their reader.</summary>
internal sealed class HostileFiles(int seed)
{
    private static readonly byte[] s_signature = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    private readonly Random _random = new(seed);
    private readonly List<(string Name, byte[] Bytes)> _valid = [];

    /// <summary>Writes a PNG of one bit a pixel, all of them 0: thousands of pixels a byte.</summary>
    public static string LargePng(string path, int side)
    {
        File.WriteAllBytes(path, Png(side, side, 1, 0, new byte[(side + 7) / 8 + 1], rows: side));
        return path;
    }

    /// <summary>Makes a file. Each number stands for another one.</summary>
    public (string Kind, byte[] Bytes) Make(int number)
    {
        if (_valid.Count == 0)
        {
            MakeValid();
        }

        return (number % 16) switch
        {
            0 => ("pixel bomb", Png(_random.Next(10_001, 200_000), _random.Next(10_001, 200_000), 1, 0, new byte[200], rows: 2_000)),
            1 => ("false dimensions", Png((int)RandomLength(), (int)RandomLength(), 8, (byte)_random.Next(7), new byte[100], rows: 10)),
            2 => ("frame bomb", GifWithFrames(_random.Next(901, 60_000))),
            3 => ("large canvas, many frames", GifWithFrames(_random.Next(2, 800), _random.Next(2_000, 65_535))),
            4 => ("profile bomb", Png(64, 64, 8, 2, new byte[193], rows: 64, CompressedChunk("iCCP", 64 << 20))),
            5 => ("text bomb", Png(64, 64, 8, 2, new byte[193], rows: 64, CompressedChunk("zTXt", 64 << 20))),
            6 => ("exif loop", JpegWithExif()),
            7 => ("truncated", Pick()[.._random.Next(1, 400)]),
            8 => ("half", Pick() is var whole ? whole[..(whole.Length / 2)] : []),
            9 => ("polyglot", [.. Pick(), .. "<script>alert(1)</script><?php system($_GET[0]); ?>"u8, .. Pick()]),
            10 => ("svg", Encoding.UTF8.GetBytes(
                "<?xml version=\"1.0\"?><!DOCTYPE svg [<!ENTITY a \"" + new string('a', 1_000) + "\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">"
                + "<!ENTITY x SYSTEM \"file:///etc/passwd\">]><svg xmlns=\"http://www.w3.org/2000/svg\" width=\"99999\">&b;&x;</svg>")),
            11 => ("script of ImageMagick", [.. "push graphic-context\nfill 'url(https://127.0.0.1/x\"|ls \"-la)'\npop"u8]),
            12 => ("nested containers", Nested(_random.Next(50, 20_000))),
            13 => ("riff that lies", Riff()),
            14 => ("noise with a signature", Noise()),
            _ => ("mutation", Mutated()),
        };
    }

    private void MakeValid()
    {
        foreach (var format in new[]
        {
            ImageFormat.Jpeg, ImageFormat.Png, ImageFormat.Webp, ImageFormat.Gif, ImageFormat.Avif, ImageFormat.Jxl, ImageFormat.Tiff,
        })
        {
            var path = Path.GetTempFileName();
            TestPictures.Write(TestPictures.Scene(90, 60, 1 + _random.Next(5)), path, format);
            _valid.Add((format.ToString(), ReadAndDelete(path)));
        }

        foreach (var format in new[] { ImageFormat.Gif, ImageFormat.Webp })
        {
            var path = Path.GetTempFileName();
            TestPictures.Write(
                TestPictures.Animated([.. Enumerable.Range(1, 4).Select(frame => TestPictures.Scene(40, 30, frame))]), path, format);
            _valid.Add(($"{format} animation", ReadAndDelete(path)));
        }
    }

    private static byte[] ReadAndDelete(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None, 4096, FileOptions.DeleteOnClose);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private byte[] Pick() => _valid[_random.Next(_valid.Count)].Bytes;

    private uint RandomLength() => _random.Next(4) switch { 0 => 0, 1 => 0x7FFFFFFF, 2 => 0xFFFFFFFF, _ => (uint)_random.Next(1, 9_999) };

    private byte[] Mutated()
    {
        var bytes = (byte[])Pick().Clone();
        for (var i = _random.Next(1, 30); i > 0; i--)
        {
            // Mostly in the headers.
            var at = _random.Next(_random.Next(2) == 0 ? Math.Min(200, bytes.Length) : bytes.Length);
            switch (_random.Next(3))
            {
                case 0:
                    bytes[at] = (byte)_random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << _random.Next(8));
                    break;
                default:
                    bytes.AsSpan(at, Math.Min(4, bytes.Length - at)).Fill((byte)(_random.Next(2) * 255));
                    break;
            }
        }

        return bytes;
    }

    private byte[] Noise()
    {
        var noise = new byte[_random.Next(100, 20_000)];
        _random.NextBytes(noise);
        return [.. Pick()[.._random.Next(8, 60)], .. noise];
    }

    private byte[] Riff()
    {
        var noise = new byte[_random.Next(20, 3_000)];
        _random.NextBytes(noise);
        return
        [
            .. "RIFF"u8, .. Little(RandomLength()), .. "WEBPVP8X"u8, .. Little(RandomLength()), 0xFF, .. noise,
            .. "ANMF"u8, .. Little(RandomLength()),
        ];
    }

    private byte[] Nested(int depth)
    {
        // Boxes within boxes, as AVIF, MP4 and JPEG XL have them.
        var boxes = new byte[24 + (8 * depth)];
        byte[] type = [.. "ftyp"u8, .. (_random.Next(2) == 0 ? "avif"u8 : "heic"u8)];
        BinaryPrimitives.WriteUInt32BigEndian(boxes, 24);
        type.CopyTo(boxes, 4);
        for (var i = 0; i < depth; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(boxes.AsSpan(24 + (8 * i)), (uint)(8 * (depth - i)));
            (i == 0 ? "meta"u8 : "iprp"u8).CopyTo(boxes.AsSpan(28 + (8 * i)));
        }

        return boxes;
    }

    private byte[] JpegWithExif()
    {
        // A directory whose next directory is itself, and entries of enormous counts.
        byte[] entry = [0x01, (byte)_random.Next(256), 0, (byte)_random.Next(1, 13), 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 8];
        byte[] exif =
        [
            .. "Exif\0\0MM\0*\0\0\0\b"u8, 0, 40, .. Enumerable.Repeat(entry, 40).SelectMany(bytes => bytes), 0, 0, 0, 8,
        ];
        return [0xFF, 0xD8, 0xFF, 0xE1, (byte)((exif.Length + 2) >> 8), (byte)(exif.Length + 2), .. exif, .. _valid[0].Bytes[2..]];
    }

    private static byte[] GifWithFrames(int frames, int side = 1)
    {
        using var file = new MemoryStream();
        file.Write("GIF89a"u8);
        file.Write([(byte)side, (byte)(side >> 8), (byte)side, (byte)(side >> 8), 0x80, 0, 0, 0, 0, 0, 255, 255, 255]);
        for (var i = 0; i < frames; i++)
        {
            file.Write([0x21, 0xF9, 4, 0, 0, 0, 0, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0]);
        }

        file.WriteByte(0x3B);
        return file.ToArray();
    }

    private static byte[] Png(int width, int height, byte bits, byte colour, byte[] row, int rows, params byte[] more)
    {
        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var i = 0; i < rows; i++)
            {
                zlib.Write(row);
            }
        }

        return
        [
            .. s_signature, .. Chunk("IHDR", [.. Big((uint)width), .. Big((uint)height), bits, colour, 0, 0, 0]), .. more,
            .. Chunk("IDAT", data.ToArray()), .. Chunk("IEND", []),
        ];
    }

    private static byte[] CompressedChunk(string type, int length)
    {
        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true))
        {
            var zeros = new byte[1 << 20];
            for (var written = 0; written < length; written += zeros.Length)
            {
                zlib.Write(zeros);
            }
        }

        return Chunk(type, [.. "bomb\0\0"u8, .. data.ToArray()]);
    }

    private static byte[] Chunk(string type, byte[] data)
    {
        byte[] checkedBytes = [.. Encoding.ASCII.GetBytes(type), .. data];
        return [.. Big((uint)data.Length), .. checkedBytes, .. Big(Crc32.HashToUInt32(checkedBytes))];
    }

    private static byte[] Big(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Little(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }
}
