using FsCheck;
using FsCheck.Fluent;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Files;

namespace MediaAspire.Tests.Files;

public sealed class ChunkPlanTests
{
    private static readonly ChunkOptions s_options = new();

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(65_536, 1)]
    [InlineData(65_537, 2)]
    [InlineData(6 * 65_536, 6)]
    [InlineData(1L << 30, 6)]
    public void For_KnownLength_SmallFilesGetFewerChunks(long length, int chunks)
    {
        Assert.Equal(chunks, ChunkPlan.For(length, s_options).Count);
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(100, 6)]
    public void For_MinSizeZero_AlwaysSixButNeverEmpty(long length, int chunks)
    {
        Assert.Equal(chunks, ChunkPlan.For(length, new ChunkOptions { MinSize = 0 }).Count);
    }

    [Fact]
    public void For_UnknownLength_CutsAtStreamSizeForEver()
    {
        var plan = ChunkPlan.For(length: null, s_options);

        Assert.Null(plan.Count);
        Assert.Equal(s_options.StreamSize, plan.LimitOf(0));
        Assert.Equal(s_options.StreamSize, plan.LimitOf(1_000));
    }

    [Fact]
    public void LimitOf_AnyKnownLength_PartsAreEqualAndTheLastTakesTheRest()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<NonNegativeInt>(), value =>
        {
            var length = (long)value.Get * 9_973;
            var plan = ChunkPlan.For(length, s_options);
            var count = plan.Count!.Value;
            var beforeLast = Enumerable.Range(0, Math.Max(0, count - 1)).Select(plan.LimitOf).ToList();
            var rest = length - beforeLast.Sum();

            return beforeLast.Distinct().Count() <= 1
                && (count == 0 ? length == 0 : rest >= length / count && rest < (length / count) + count)
                && plan.LimitOf(count) == long.MaxValue;
        }).QuickCheckThrowOnFailure();
    }
}
