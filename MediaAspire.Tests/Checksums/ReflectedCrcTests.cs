using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using MediaAspire.Core.Checksums;
using MediaAspire.Tests.Graph;

namespace MediaAspire.Tests.Checksums;

public sealed class ReflectedCrcTests
{
    private const ulong Crc32Polynomial = 0xEDB88320;
    private const ulong Crc32CPolynomial = 0x82F63B78;
    private const ulong Crc64NvmePolynomial = 0x9A6C9329AC4BC9B5;

    private static readonly (ReflectedCrc Crc, ulong Polynomial)[] s_all =
    [
        (ReflectedCrc.Crc32, Crc32Polynomial),
        (ReflectedCrc.Crc32C, Crc32CPolynomial),
        (ReflectedCrc.Crc64Nvme, Crc64NvmePolynomial),
    ];

    [Fact]
    public void Append_CheckString_GivesThePublishedValues()
    {
        Assert.Equal(0xCBF43926UL, Compute(ReflectedCrc.Crc32, "123456789"u8));
        Assert.Equal(0xE3069283UL, Compute(ReflectedCrc.Crc32C, "123456789"u8));
        Assert.Equal(0xAE8B14860A799888UL, Compute(ReflectedCrc.Crc64Nvme, "123456789"u8));
    }

    // RFC 3720, appendix B.4, and the test cases for the 64b CRC in the NVM command set specification.
    [Fact]
    public void Append_StandardsExamples_GivesTheirValues()
    {
        var rising = Enumerable.Range(0, 32).Select(value => (byte)value).ToArray();

        Assert.Equal(0x8A9136AAUL, Compute(ReflectedCrc.Crc32C, new byte[32]));
        Assert.Equal(0x62A8AB43UL, Compute(ReflectedCrc.Crc32C, Filled(0xFF, 32)));
        Assert.Equal(0x46DD794EUL, Compute(ReflectedCrc.Crc32C, rising));
        Assert.Equal(0x113FDB5CUL, Compute(ReflectedCrc.Crc32C, rising.Reverse().ToArray()));
        Assert.Equal(0x6482D367EB22B64EUL, Compute(ReflectedCrc.Crc64Nvme, new byte[4096]));
        Assert.Equal(0xC0DDBA7302ECA3ACUL, Compute(ReflectedCrc.Crc64Nvme, Filled(0xFF, 4096)));
    }

    [Fact]
    public void Append_EveryLengthAndAlignment_FoldingAndTablesAgreeWithBitByBit()
    {
        var bytes = TestBytes.Make(7, 700);
        foreach (var (crc, polynomial) in s_all)
        {
            for (var start = 0; start < 17; start++)
            {
                var state = crc.Ones;
                for (var length = 0; length <= bytes.Length - start; length++)
                {
                    var piece = bytes.AsSpan(start, length);
                    Assert.Equal(state, crc.AppendByTable(crc.Ones, piece));
                    Assert.Equal(state, crc.Append(crc.Ones, piece));
                    state = length < bytes.Length - start ? AppendBitByBit(state, bytes[start + length], polynomial) : state;
                }
            }
        }
    }

    [Fact]
    public void Append_ManyBytes_AgreesWithTheRuntimesOwn()
    {
        var bytes = TestBytes.Make(8, (1 << 20) + 13);
        var castagnoli = uint.MaxValue;
        foreach (var value in bytes)
        {
            castagnoli = BitOperations.Crc32C(castagnoli, value);
        }

        Assert.Equal(~castagnoli, Compute(ReflectedCrc.Crc32C, bytes));
        Assert.Equal(System.IO.Hashing.Crc32.HashToUInt32(bytes), Compute(ReflectedCrc.Crc32, bytes));
        Assert.Equal(
            ReflectedCrc.Crc64Nvme.AppendByTable(ulong.MaxValue, bytes), ReflectedCrc.Crc64Nvme.Append(ulong.MaxValue, bytes));
    }

    [Fact]
    public void Append_InPieces_GivesTheSameAsInOne()
    {
        Prop.ForAll<byte[], int[]>((seed, cuts) =>
        {
            var bytes = TestBytes.Make(seed.Length, 40 * (seed.Length + 1));
            var borders = cuts.Select(cut => (cut & int.MaxValue) % (bytes.Length + 1)).Append(0).Append(bytes.Length).Order().ToArray();
            return s_all.All(pair =>
            {
                var state = borders.Zip(borders.Skip(1)).Aggregate(
                    pair.Crc.Ones, (state, piece) => pair.Crc.Append(state, bytes.AsSpan(piece.First..piece.Second)));
                return (state ^ pair.Crc.Ones) == Compute(pair.Crc, bytes);
            });
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Combine_AnyTwoPieces_GivesTheCrcOfBothInARow()
    {
        Prop.ForAll<ushort, ushort, int>((first, second, seed) =>
        {
            var bytes = TestBytes.Make(seed, first + second);
            return s_all.All(pair => pair.Crc.Combine(
                Compute(pair.Crc, bytes.AsSpan(0, first)), Compute(pair.Crc, bytes.AsSpan(first)), second) == Compute(pair.Crc, bytes));
        }).QuickCheckThrowOnFailure();
    }

    // No memory holds such pieces: what must hold is that it does not matter which two of three are combined first.
    [Theory]
    [InlineData(1L << 40, 1L << 50)]
    [InlineData((1L << 61) - 1, 1L << 61)]
    [InlineData(long.MaxValue - 12345, 12345)]
    public void Combine_HugePieces_IsAssociative(long second, long third)
    {
        foreach (var (crc, _) in s_all)
        {
            var (a, b, c) = (Compute(crc, "a"u8), Compute(crc, "b"u8), Compute(crc, "c"u8));

            Assert.Equal(
                crc.Combine(a, crc.Combine(b, c, third), second + third), crc.Combine(crc.Combine(a, b, second), c, third));
        }
    }

    [Fact]
    public void Combine_NegativeLength_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ReflectedCrc.Crc32C.Combine(1, 2, -1));

    private static ulong Compute(ReflectedCrc crc, ReadOnlySpan<byte> bytes) => crc.Append(crc.Ones, bytes) ^ crc.Ones;

    private static ulong AppendBitByBit(ulong state, byte value, ulong polynomial)
    {
        state ^= value;
        for (var bit = 0; bit < 8; bit++)
        {
            state = (state & 1) == 0 ? state >> 1 : (state >> 1) ^ polynomial;
        }

        return state;
    }

    private static byte[] Filled(byte value, int length)
    {
        var bytes = new byte[length];
        Array.Fill(bytes, value);
        return bytes;
    }
}
