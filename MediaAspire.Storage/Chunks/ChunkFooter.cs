using System.Buffers.Binary;
using System.IO.Hashing;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Ids;

namespace MediaAspire.Storage.Chunks;

/// <summary>The footer after a chunk's bytes on disk. docs/formats/chunk.md gives every offset.</summary>
/// <remarks>The checksums of all blocks, then a trailer of <see cref="TrailerBytes"/> bytes. All numbers are little-endian.</remarks>
public sealed class ChunkFooter
{
    public const uint FormatVersion = 1;

    /// <summary>The size of the trailer in bytes, the same for every chunk.</summary>
    public const int TrailerBytes = 128;

    // Offsets within the trailer. 88 to 111 are reserved and zero.
    private const int SizeAt = 0;
    private const int Sha256At = 8;
    private const int ChunkIdAt = 40;
    private const int FileIdAt = 56;
    private const int BlockSizeAt = 72;
    private const int BlockCountAt = 76;
    private const int VersionAt = 80;
    private const int FooterBytesAt = 84;
    private const int ReservedAt = 88;
    private const int ChecksumAt = 112;
    private const int MagicAt = 120;

    private readonly ulong[] _checksums;

    public ChunkFooter(ChunkId chunk, FileId file, long size, Sha256Digest sha256, ulong[] checksums)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(checksums.Length, BlockFormat.CountBlocks(size), nameof(checksums));
        Info = new ChunkInfo(chunk, file, size, sha256.Bytes);
        _checksums = checksums;
    }

    public ChunkInfo Info { get; }

    public long Size => Info.Size;

    /// <summary>Gets the checksum of every block.</summary>
    public ReadOnlySpan<ulong> Checksums => _checksums;

    /// <summary>Gets the size of the encoded footer in bytes.</summary>
    public int Bytes => BytesFor(Size);

    private static ReadOnlySpan<byte> Magic => "MACHUNK1"u8;

    /// <summary>Computes the size of the footer of a chunk, in bytes.</summary>
    public static int BytesFor(long size) => checked((BlockFormat.CountBlocks(size) * sizeof(ulong)) + TrailerBytes);

    public byte[] Encode()
    {
        var footer = new byte[Bytes];
        for (var i = 0; i < _checksums.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(footer.AsSpan(i * sizeof(ulong)), _checksums[i]);
        }

        var trailer = footer.AsSpan(^TrailerBytes..);
        BinaryPrimitives.WriteInt64LittleEndian(trailer[SizeAt..], Size);
        Info.Sha256.Span.CopyTo(trailer[Sha256At..]);
        Info.Chunk.Write(trailer[ChunkIdAt..]);
        Info.File.Write(trailer[FileIdAt..]);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[BlockSizeAt..], BlockFormat.BlockSize);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[BlockCountAt..], (uint)_checksums.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[VersionAt..], FormatVersion);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[FooterBytesAt..], (uint)footer.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(trailer[ChecksumAt..], ChecksumOf(footer));
        Magic.CopyTo(trailer[MagicAt..]);
        return footer;
    }

    /// <summary>Reads the size of the footer from the end of a chunk file.</summary>
    /// <param name="tail">The last bytes of the file.</param>
    /// <param name="fileBytes">The file's length.</param>
    /// <returns>The size in bytes; null when the file does not end in a footer.</returns>
    public static int? ReadLength(ReadOnlySpan<byte> tail, long fileBytes)
    {
        if (tail.Length < TrailerBytes || !tail[^Magic.Length..].SequenceEqual(Magic))
        {
            return null;
        }

        var trailer = tail[^TrailerBytes..];
        var size = BinaryPrimitives.ReadInt64LittleEndian(trailer[SizeAt..]);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(trailer[FooterBytesAt..]);
        return size >= 0 && length >= TrailerBytes && length <= int.MaxValue && size == fileBytes - length ? (int)length : null;
    }

    /// <summary>Decodes a whole footer; null when any bit of it is damaged.</summary>
    public static ChunkFooter? Decode(ReadOnlySpan<byte> footer)
    {
        if (footer.Length < TrailerBytes)
        {
            return null;
        }

        var trailer = footer[^TrailerBytes..];
        var size = BinaryPrimitives.ReadInt64LittleEndian(trailer[SizeAt..]);
        if (!trailer[MagicAt..].SequenceEqual(Magic)
            || BinaryPrimitives.ReadUInt64LittleEndian(trailer[ChecksumAt..]) != ChecksumOf(footer)
            || BinaryPrimitives.ReadUInt32LittleEndian(trailer[VersionAt..]) != FormatVersion
            || BinaryPrimitives.ReadUInt32LittleEndian(trailer[BlockSizeAt..]) != BlockFormat.BlockSize
            || trailer[ReservedAt..ChecksumAt].ContainsAnyExcept((byte)0)
            || size < 0
            || footer.Length != BytesFor(size)
            || BinaryPrimitives.ReadUInt32LittleEndian(trailer[FooterBytesAt..]) != footer.Length
            || BinaryPrimitives.ReadUInt32LittleEndian(trailer[BlockCountAt..]) != BlockFormat.CountBlocks(size))
        {
            return null;
        }

        var checksums = new ulong[BlockFormat.CountBlocks(size)];
        for (var i = 0; i < checksums.Length; i++)
        {
            checksums[i] = BinaryPrimitives.ReadUInt64LittleEndian(footer[(i * sizeof(ulong))..]);
        }

        return new ChunkFooter(
            ChunkId.Read(trailer[ChunkIdAt..]),
            FileId.Read(trailer[FileIdAt..]),
            size,
            new Sha256Digest(trailer[Sha256At..ChunkIdAt]),
            checksums);
    }

    private static ulong ChecksumOf(ReadOnlySpan<byte> footer) => XxHash3.HashToUInt64(footer[..^(TrailerBytes - ChecksumAt)]);
}
