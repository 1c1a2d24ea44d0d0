using System.Runtime.InteropServices;
using MediaAspire.Core.Chunks;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Chunks;

public sealed class BlockRunTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(65_536, 1)]
    [InlineData(65_537, 2)]
    [InlineData(BlockFormat.MaxRunBytes, 16)]
    public void Complete_AnyLength_MakesAChecksumPerBlock(int length, int blocks)
    {
        using var run = Runs.Make(seed: 1, offset: 65_536, length);

        Assert.Equal(blocks, run.Checksums.Length);
        Assert.Null(run.FindBadBlock());
        Assert.Equal(BlockFormat.Checksum(run.Data.Span[..Math.Min(length, BlockFormat.BlockSize)]), run.Checksums[0]);
    }

    [Fact]
    public void FindBadBlocks_BytesOfTwoBlocksChanged_GivesTheirOffsetsInTheChunk()
    {
        var bytes = TestBytes.Make(2, 4 * BlockFormat.BlockSize);
        using var intact = Runs.Make(3 * BlockFormat.BlockSize, bytes);
        bytes[BlockFormat.BlockSize] ^= 1;
        bytes[^1] ^= 0x80;
        using var run = BlockRun.Rent(intact.Offset, bytes.Length);
        bytes.CopyTo(run.Unused);
        run.Advance(bytes.Length);

        run.Complete(intact.Checksums);

        Assert.Equal(4 * BlockFormat.BlockSize, run.FindBadBlock());
        Assert.Equal([4 * BlockFormat.BlockSize, 6 * BlockFormat.BlockSize], run.FindBadBlocks());
    }

    [Fact]
    public void Dispose_LastReference_TakesTheBytesAway()
    {
        var run = Runs.Make(seed: 3, offset: 0, 100);
        var other = run.Retain();

        run.Dispose();
        Assert.Equal(100, other.Data.Length);

        other.Dispose();
        Assert.Throws<ObjectDisposedException>(() => run.Data);
        Assert.Throws<ObjectDisposedException>(run.Dispose);
        Assert.Throws<ObjectDisposedException>(run.Retain);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(BlockFormat.MaxRunBytes)]
    public void Rent_AnyCapacity_StartsAtAPage(int capacity)
    {
        using var run = BlockRun.Rent(0, capacity);

        Assert.True(MemoryMarshal.TryGetArray<byte>(run.Unused, out var bytes));
        Assert.Equal(0, Marshal.UnsafeAddrOfPinnedArrayElement(bytes.Array!, bytes.Offset) % 4096);
        Assert.Equal(capacity, run.Unused.Length);
    }

    [Fact]
    public void Advance_BeyondTheCapacity_Throws()
    {
        using var run = BlockRun.Rent(0, 10);

        // The pool's buffer is longer, but the run is not.
        Assert.Equal(10, run.Unused.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => run.Advance(11));
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(100, 1)]
    [InlineData(0, 0)]
    [InlineData(0, BlockFormat.MaxRunBytes + 1)]
    public void Rent_OffsetOrCapacityOutOfBounds_Throws(long offset, int capacity) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => BlockRun.Rent(offset, capacity));
}
