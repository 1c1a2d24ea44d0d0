using System.Buffers.Binary;
using System.IO.Hashing;
using NetVips;

namespace MediaAspire.Worker.Imaging.Child;

/// <summary>Writes APNG, which libvips does not: each frame is a PNG, whose data is put into one file.</summary>
/// <remarks>https://www.w3.org/TR/png-3/#apng-frame-based-animation.</remarks>
internal static class AnimatedPng
{
    private static readonly byte[] s_signature = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Writes frames of the same size and channels.</summary>
    public static void Write(string path, IReadOnlyList<Image> frames, PictureHeader header)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
        file.Write(s_signature);
        uint sequence = 0;
        for (var i = 0; i < frames.Count; i++)
        {
            // A palette would differ from frame to frame.
            var chunks = Chunks(frames[i].PngsaveBuffer(compression: 6, palette: false, keep: Enums.ForeignKeep.None));
            if (i == 0)
            {
                WriteChunk(file, "IHDR"u8, chunks.Single(chunk => chunk.Type.SequenceEqual("IHDR"u8)).Data);
                WriteChunk(file, "acTL"u8, [.. BigEndian((uint)frames.Count), .. BigEndian((uint)header.Loops)]);
            }

            var delay = i < header.Delays.Count ? header.Delays[i] : 100;
            WriteChunk(file, "fcTL"u8,
            [
                .. BigEndian(sequence++), .. BigEndian((uint)frames[i].Width), .. BigEndian((uint)frames[i].Height),
                .. BigEndian(0), .. BigEndian(0), .. Delay(delay), 0, 0,
            ]);
            foreach (var (_, data) in chunks.Where(chunk => chunk.Type.SequenceEqual("IDAT"u8)))
            {
                if (i == 0)
                {
                    WriteChunk(file, "IDAT"u8, data);
                }
                else
                {
                    WriteChunk(file, "fdAT"u8, [.. BigEndian(sequence++), .. data]);
                }
            }
        }

        WriteChunk(file, "IEND"u8, []);
    }

    private static List<(byte[] Type, byte[] Data)> Chunks(byte[] png)
    {
        List<(byte[] Type, byte[] Data)> chunks = [];
        for (var at = s_signature.Length; at < png.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            chunks.Add((png[(at + 4)..(at + 8)], png[(at + 8)..(at + 8 + length)]));
            at += 12 + length;
        }

        return chunks;
    }

    // A fraction of a second, in milliseconds where they fit into 16 bits.
    private static byte[] Delay(int milliseconds)
    {
        var (numerator, denominator) = milliseconds <= ushort.MaxValue ? (milliseconds, 1000) : (milliseconds / 10, 100);
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)Math.Min(numerator, ushort.MaxValue));
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), (ushort)denominator);
        return bytes;
    }

    private static void WriteChunk(FileStream file, ReadOnlySpan<byte> type, byte[] data)
    {
        var crc = new Crc32();
        crc.Append(type);
        crc.Append(data);
        file.Write(BigEndian((uint)data.Length));
        file.Write(type);
        file.Write(data);
        file.Write(BigEndian(crc.GetCurrentHashAsUInt32()));
    }

    private static byte[] BigEndian(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }
}
