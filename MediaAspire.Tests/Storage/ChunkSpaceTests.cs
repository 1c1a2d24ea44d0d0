using MediaAspire.Core.Checksums;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Ids;
using MediaAspire.Storage.Chunks;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Storage;

public sealed class ChunkSpaceTests
{
    private const int Size = 100_000;

    private static readonly long s_file = Size + ChunkFooter.BytesFor(Size);

    [Fact]
    public async Task Available_WithACapacity_IsWhatIsLeftOfIt()
    {
        using var test = new TestStore(capacity: 3 * s_file);
        Assert.Equal(3 * s_file, test.Store.AvailableBytes);

        var chunk = await test.PutAsync(TestBytes.Make(1, Size));
        Assert.Equal(2 * s_file, test.Store.AvailableBytes);

        test.Reopen();
        Assert.Equal(2 * s_file, test.Store.AvailableBytes);

        test.Store.Delete(chunk);
        Assert.Equal(3 * s_file, test.Store.AvailableBytes);
    }

    [Fact]
    public void Begin_ChunksOnTheirWay_CountBeforeTheirFirstByte()
    {
        using var test = new TestStore(capacity: 2 * s_file);
        using var first = Begin(test, Size);
        var second = Begin(test, Size);
        Assert.Equal(0, test.Store.AvailableBytes);

        AssertNoSpace(() => Begin(test, Size));
        AssertNoSpace(() => Begin(test, expectedSize: null));

        // The space of an abandoned chunk is free again.
        second.Dispose();
        using var third = Begin(test, Size);
        Assert.Equal(0, test.Store.AvailableBytes);
    }

    [Fact]
    public void Begin_SizeThatNoDiskHas_IsNoSpace()
    {
        using var test = new TestStore(capacity: s_file);

        AssertNoSpace(() => Begin(test, long.MaxValue));
        AssertNoSpace(() => Begin(test, Size + 1));
        Assert.Equal(s_file, test.Store.AvailableBytes);
    }

    [Fact]
    public async Task Append_SizeUnknownAndTheCapacityReached_IsNoSpaceAndNothingIsKept()
    {
        using var test = new TestStore(capacity: s_file);
        using (var write = Begin(test, expectedSize: null))
        {
            using var run = Runs.Make(1, 0, 65_536);
            using var next = Runs.Make(1, 65_536, 65_536);
            await write.AppendAsync(run, default);
            Assert.Equal(s_file - 65_536, test.Store.AvailableBytes);

            var error = await Assert.ThrowsAsync<ChunkStoreException>(() => write.AppendAsync(next, default));

            Assert.Equal(ChunkStoreError.NoSpace, error.Error);
        }

        Assert.Empty(Directory.GetFiles(test.Incoming));
        Assert.Equal(s_file, test.Store.AvailableBytes);
    }

    [Fact]
    public async Task Put_ManySideBySide_NeverTakeMoreThanTheCapacity()
    {
        const int Fit = 5;
        using var test = new TestStore(capacity: (Fit * s_file) + (s_file / 2));

        var puts = await Task.WhenAll(Enumerable.Range(0, 40).Select(seed => Task.Run(() => TryPutAsync(test, seed))));

        Assert.Equal(Fit, puts.Count(done => done));
        Assert.Equal(Fit, test.Files.Length);
        Assert.Equal(Fit * s_file, test.Files.Sum(file => new FileInfo(file).Length));
        Assert.Equal(s_file / 2, test.Store.AvailableBytes);
    }

    [Fact]
    public async Task Put_TheSameChunkTwice_TakesItsRoomOnce()
    {
        using var test = new TestStore(capacity: 3 * s_file);
        var file = FileId.New(TimeProvider.System);
        var chunk = await test.PutAsync(TestBytes.Make(1, Size), file: file);

        await test.PutAsync(TestBytes.Make(1, Size), chunk, file);

        Assert.Equal(2 * s_file, test.Store.AvailableBytes);
    }

    [Fact]
    public async Task Append_LongChunk_HoldsAtMostAsMuchAgainAsHasArrived()
    {
        const int Count = 80;
        const long Announced = Count * (long)BlockFormat.DefaultRunBytes;
        const long Capacity = 2 * Announced;
        using var test = new TestStore(capacity: Capacity);
        using (var write = Begin(test, Announced))
        {
            AssertHeldFor(arrived: 0);
            for (var i = 0; i < Count; i++)
            {
                using var run = Runs.Make(i, write.Length, BlockFormat.DefaultRunBytes);
                await write.AppendAsync(run, default);
                AssertHeldFor(write.Length);
            }

            await write.SealAsync(Announced, new Sha256Digest(new byte[32]), default);
        }

        Assert.Equal(Capacity - SpaceSteps.FileBytes(Announced), test.Store.AvailableBytes);
        Assert.Equal(SpaceSteps.FileBytes(Announced), new FileInfo(Assert.Single(test.Files)).Length);

        void AssertHeldFor(long arrived) => Assert.InRange(
            Capacity - test.Store.AvailableBytes,
            SpaceSteps.FileBytes(arrived),
            SpaceSteps.FileBytes(Math.Min(Announced, arrived + Math.Clamp(arrived, SpaceSteps.MinBytes, SpaceSteps.MaxBytes))));
    }

    [Fact]
    public async Task Append_SpaceEndsInTheMiddle_IsNoSpaceAndLeavesTheSpaceToOthers()
    {
        const long Announced = 12 * 1024 * 1024;
        using var test = new TestStore(capacity: Announced + (Announced / 2));
        var (first, second) = (Begin(test, Announced), Begin(test, Announced));
        using (first)
        using (second)
        {
            var error = await Assert.ThrowsAsync<ChunkStoreException>(async () =>
            {
                while (true)
                {
                    await AppendAsync(first);
                    await AppendAsync(second);
                }
            });
            Assert.Equal(ChunkStoreError.NoSpace, error.Error);

            // The writer of the refused one goes to another server.
            var (refused, other) = first.Length > second.Length ? (second, first) : (first, second);
            refused.Dispose();
            while (other.Length < Announced)
            {
                await AppendAsync(other);
            }

            await other.SealAsync(Announced, new Sha256Digest(new byte[32]), default);
        }

        Assert.Single(test.Files);
        Assert.Empty(Directory.GetFiles(test.Incoming));
        Assert.Equal(Announced + (Announced / 2) - SpaceSteps.FileBytes(Announced), test.Store.AvailableBytes);

        static async Task AppendAsync(ChunkWrite write)
        {
            using var run = Runs.Make(1, write.Length, BlockFormat.DefaultRunBytes);
            await write.AppendAsync(run, default);
        }
    }

    private static async Task<bool> TryPutAsync(TestStore test, int seed)
    {
        try
        {
            await test.PutAsync(TestBytes.Make(seed, Size));
            return true;
        }
        catch (ChunkStoreException error) when (error.Error == ChunkStoreError.NoSpace)
        {
            return false;
        }
    }

    private static ChunkWrite Begin(TestStore test, long? expectedSize) =>
        test.Store.Begin(ChunkId.New(TimeProvider.System), FileId.New(TimeProvider.System), expectedSize);

    private static void AssertNoSpace(Action action) =>
        Assert.Equal(ChunkStoreError.NoSpace, Assert.Throws<ChunkStoreException>(action).Error);
}
