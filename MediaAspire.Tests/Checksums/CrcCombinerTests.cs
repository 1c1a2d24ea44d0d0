using FsCheck;
using FsCheck.Fluent;
using MediaAspire.Core.Checksums;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Checksums;

public sealed class CrcCombinerTests
{
    private static readonly (CrcCombiner Combiner, ChecksumAlgorithm Algorithm)[] s_all =
    [
        (CrcCombiner.Crc32, ChecksumAlgorithm.Crc32),
        (CrcCombiner.Crc32C, ChecksumAlgorithm.Crc32C),
        (CrcCombiner.Crc64Nvme, ChecksumAlgorithm.Crc64Nvme),
    ];

    [Fact]
    public void Combine_AnyTwoPieces_GivesTheCrcOfBothInARow()
    {
        Prop.ForAll<ushort, ushort, int>((first, second, seed) =>
        {
            var bytes = TestBytes.Make(seed, first + second);
            return s_all.All(pair => pair.Combiner.Combine(
                Compute(pair.Algorithm, bytes.AsSpan(0, first)), Compute(pair.Algorithm, bytes.AsSpan(first)), second)
                == Compute(pair.Algorithm, bytes));
        }).QuickCheckThrowOnFailure();
    }

    // Such pieces exceed the memory. Instead, the order in which three of them are combined must not matter.
    [Theory]
    [InlineData(1L << 40, 1L << 50)]
    [InlineData((1L << 61) - 1, 1L << 61)]
    [InlineData(long.MaxValue - 12345, 12345)]
    public void Combine_HugePieces_IsAssociative(long second, long third)
    {
        foreach (var (combiner, algorithm) in s_all)
        {
            var (a, b, c) = (Compute(algorithm, "a"u8), Compute(algorithm, "b"u8), Compute(algorithm, "c"u8));

            Assert.Equal(
                combiner.Combine(a, combiner.Combine(b, c, third), second + third),
                combiner.Combine(combiner.Combine(a, b, second), c, third));
        }
    }

    [Fact]
    public void Combine_NegativeLength_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => CrcCombiner.Crc32C.Combine(1, 2, -1));

    private static ulong Compute(ChecksumAlgorithm algorithm, ReadOnlySpan<byte> bytes)
    {
        using var digest = ChecksumContentDigest.Create(algorithm);
        digest.Append(bytes);
        return digest.GetChecksum().ToCrc();
    }
}
