using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace FeedBuilder;

/// <summary>
/// Reads the files that <c>dotnet publish -p:PublishSingleFile=true</c> appends to an executable. The layout is that of
/// <c>Microsoft.NET.HostModel.Bundle.Manifest</c> in the .NET runtime, version 6:
/// <code>
/// header  u32 major, u32 minor, u32 file count, string id,
///         i64 offset and i64 size of deps.json, i64 offset and i64 size of runtimeconfig.json, u64 flags
/// entry   i64 offset, i64 size, i64 compressed size (0: stored), u8 type, string path
/// </code>
/// Integers are little-endian; a string is its UTF-8 length as a 7-bit encoded integer, then its bytes.
/// The executable points at the header with the i64 that stands right before a fixed signature.
/// </summary>
internal sealed class SingleFileBundle
{
    private const uint SupportedMajorVersion = 6;

    // SHA-256 of ".net core bundle", which the host looks for too.
    private static readonly byte[] s_signature =
    [
        0x8b, 0x12, 0x02, 0xb9, 0x6a, 0x61, 0x20, 0x38, 0x72, 0x7b, 0x93, 0x02, 0x14, 0xd7, 0xa0, 0x32,
        0x13, 0xf5, 0xb9, 0xe6, 0xef, 0xae, 0x33, 0x18, 0xee, 0x3b, 0x2d, 0xce, 0x24, 0xb3, 0x6a, 0xae,
    ];

    private readonly string _path;
    private readonly Dictionary<string, BundleEntry> _entries;

    private SingleFileBundle(string path, Dictionary<string, BundleEntry> entries)
    {
        _path = path;
        _entries = entries;
    }

    /// <exception cref="InvalidDataException">The file is no bundle, or one of another version.</exception>
    public static SingleFileBundle Open(string path)
    {
        using (var file = File.OpenRead(path))
        {
            file.Position = FindHeader(file);
            return new SingleFileBundle(path, ReadEntries(file));
        }
    }

    /// <exception cref="InvalidDataException">The bundle has no such file, or its size is not the one recorded.</exception>
    public byte[] Read(string path)
    {
        if (!_entries.TryGetValue(path, out var entry))
        {
            throw new InvalidDataException($"{_path} does not carry {path}.");
        }

        using var file = File.OpenRead(_path);
        file.Position = entry.Offset;
        var content = new byte[entry.Size];
        if (entry.CompressedSize == 0)
        {
            file.ReadExactly(content);
            return content;
        }

        var compressed = new byte[entry.CompressedSize];
        file.ReadExactly(compressed);
        using var inflater = new DeflateStream(new MemoryStream(compressed), CompressionMode.Decompress);
        inflater.ReadExactly(content);
        if (inflater.ReadByte() != -1)
        {
            throw new InvalidDataException($"{path} in {_path} is longer than the {entry.Size} bytes recorded.");
        }

        return content;
    }

    private static long FindHeader(FileStream file)
    {
        var block = new byte[1 << 20];
        var kept = 0;
        int read;
        while ((read = file.Read(block, kept, block.Length - kept)) > 0)
        {
            var window = block.AsSpan(0, kept + read);
            var at = window.IndexOf(s_signature);
            if (at >= sizeof(long))
            {
                return BinaryPrimitives.ReadInt64LittleEndian(window[(at - sizeof(long))..]);
            }

            // Signature and offset may straddle two blocks.
            kept = Math.Min(window.Length, s_signature.Length + sizeof(long) - 1);
            window[^kept..].CopyTo(block);
        }

        throw new InvalidDataException($"{file.Name} is not a .NET single-file bundle.");
    }

    private static Dictionary<string, BundleEntry> ReadEntries(FileStream file)
    {
        using var reader = new BinaryReader(file, Encoding.UTF8, leaveOpen: true);
        var major = reader.ReadUInt32();
        if (major != SupportedMajorVersion)
        {
            throw new InvalidDataException(
                $"{file.Name} is a bundle of version {major}; only version {SupportedMajorVersion} is understood.");
        }

        _ = reader.ReadUInt32();
        var count = reader.ReadUInt32();
        _ = reader.ReadString();
        const int DepsJsonRuntimeConfigAndFlags = 5 * sizeof(long);
        file.Position += DepsJsonRuntimeConfigAndFlags;

        var entries = new Dictionary<string, BundleEntry>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var (offset, size, compressedSize) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
            _ = reader.ReadByte();
            var path = reader.ReadString();
            entries.Add(path, new BundleEntry(path, offset, size, compressedSize));
        }

        return entries;
    }
}
