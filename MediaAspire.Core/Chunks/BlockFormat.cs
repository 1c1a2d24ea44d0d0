using System.IO.Hashing;

namespace MediaAspire.Core.Chunks;

/// <summary>The blocks that a chunk is checked by, on disk and on the wire. docs/formats/chunk.md is the text.</summary>
public static class BlockFormat
{
    /// <summary>Bytes of a block; only the last block of a chunk may be shorter.</summary>
    public const int BlockSize = 64 * 1024;

    /// <summary>Bytes that a sender puts into one run unless there is a reason for another number.</summary>
    public const int DefaultRunBytes = 8 * BlockSize;

    /// <summary>Most bytes that a receiver takes in one run.</summary>
    public const int MaxRunBytes = 16 * BlockSize;

    /// <summary>Most bytes of one encoded message: a full run, its checksums and the fields around them.</summary>
    public const int MaxMessageBytes = MaxRunBytes + 4096;

    /// <summary>The checksum of a block: XXH3-64 with seed 0.</summary>
    public static ulong Checksum(ReadOnlySpan<byte> block) => XxHash3.HashToUInt64(block);

    /// <summary>Blocks that so many bytes take.</summary>
    public static int CountBlocks(long bytes) => checked((int)((bytes + BlockSize - 1) / BlockSize));

    /// <summary>The offset of the block that holds a byte.</summary>
    public static long BlockStart(long offset) => offset & -BlockSize;
}
