using FsCheck;
using FsCheck.Fluent;
using MediaAspire.Core.Checksums;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Checksums;

public sealed class ChecksumContentDigestTests
{
    // Lowest bit first.
    private static readonly (ChecksumAlgorithm Algorithm, int Width, ulong Polynomial)[] s_crcs =
    [
        (ChecksumAlgorithm.Crc32, 32, 0xEDB88320),
        (ChecksumAlgorithm.Crc32C, 32, 0x82F63B78),
        (ChecksumAlgorithm.Crc64Nvme, 64, 0x9A6C9329AC4BC9B5),
    ];

    // RFC 3720, appendix B.4, and the test cases for the 64b CRC in the NVM command set specification.
    [Fact]
    public void GetChecksum_StandardsExamples_GivesTheirValues()
    {
        var rising = Enumerable.Range(0, 32).Select(value => (byte)value).ToArray();

        Assert.Equal(0x8A9136AAUL, Compute(ChecksumAlgorithm.Crc32C, new byte[32]));
        Assert.Equal(0x62A8AB43UL, Compute(ChecksumAlgorithm.Crc32C, Filled(0xFF, 32)));
        Assert.Equal(0x46DD794EUL, Compute(ChecksumAlgorithm.Crc32C, rising));
        Assert.Equal(0x113FDB5CUL, Compute(ChecksumAlgorithm.Crc32C, rising.Reverse().ToArray()));
        Assert.Equal(0x6482D367EB22B64EUL, Compute(ChecksumAlgorithm.Crc64Nvme, new byte[4096]));
        Assert.Equal(0xC0DDBA7302ECA3ACUL, Compute(ChecksumAlgorithm.Crc64Nvme, Filled(0xFF, 4096)));
    }

    // Other lengths use other instructions of the processor.
    [Fact]
    public void GetChecksum_CrcOfEveryLengthAndAlignment_AgreesWithBitByBit()
    {
        var bytes = TestBytes.Make(7, 700);
        foreach (var (algorithm, width, polynomial) in s_crcs)
        {
            var ones = ulong.MaxValue >> (64 - width);
            for (var start = 0; start < 17; start++)
            {
                var state = ones;
                for (var length = 0; length <= bytes.Length - start; length++)
                {
                    Assert.Equal(state ^ ones, Compute(algorithm, bytes.AsSpan(start, length)));
                    state = length < bytes.Length - start ? AppendBitByBit(state, bytes[start + length], polynomial) : state;
                }
            }
        }
    }

    [Fact]
    public void Append_InPieces_GivesTheSameAsInOne()
    {
        Prop.ForAll<byte[], int[]>((seed, cuts) =>
        {
            var bytes = TestBytes.Make(seed.Length, 40 * (seed.Length + 1));
            var borders = cuts.Select(cut => (cut & int.MaxValue) % (bytes.Length + 1)).Append(0).Append(bytes.Length).Order().ToArray();
            return s_crcs.All(crc =>
            {
                using var digest = ChecksumContentDigest.Create(crc.Algorithm);
                foreach (var (first, second) in borders.Zip(borders.Skip(1)))
                {
                    digest.Append(bytes.AsSpan(first..second));
                }

                return digest.GetChecksum().ToCrc() == Compute(crc.Algorithm, bytes);
            });
        }).QuickCheckThrowOnFailure();
    }

    private static ulong Compute(ChecksumAlgorithm algorithm, ReadOnlySpan<byte> bytes)
    {
        using var digest = ChecksumContentDigest.Create(algorithm);
        digest.Append(bytes);
        return digest.GetChecksum().ToCrc();
    }

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
