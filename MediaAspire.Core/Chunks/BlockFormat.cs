using System.IO.Hashing;

namespace MediaAspire.Core.Chunks;

/// <summary>The blocks of a chunk and their checksums, on disk and on the wire. docs/formats/chunk.md is the specification.</summary>
public static class BlockFormat
{
    /// <summary>The size of a block in bytes. Only the last block of a chunk may be shorter.</summary>
    public const int BlockSize = 64 * 1024;

    /// <summary>The default size of a run in bytes.</summary>
    public const int DefaultRunBytes = 8 * BlockSize;

    /// <summary>The maximum size of a run in bytes.</summary>
    public const int MaxRunBytes = 16 * BlockSize;

    /// <summary>The maximum size of an encoded message in bytes: a full run, its checksums and the fields around them.</summary>
    public const int MaxMessageBytes = MaxRunBytes + 4096;

    /// <summary>Computes the checksum of a block: XXH3-64 with seed 0.</summary>
    public static ulong Checksum(ReadOnlySpan<byte> block) => XxHash3.HashToUInt64(block);

    /// <summary>Computes the number of blocks that hold <paramref name="bytes"/> bytes.</summary>
    public static int CountBlocks(long bytes) => checked((int)((bytes + BlockSize - 1) / BlockSize));

    /// <summary>Computes the offset of the block that holds the byte at <paramref name="offset"/>.</summary>
    public static long BlockStart(long offset) => offset & -BlockSize;
}
