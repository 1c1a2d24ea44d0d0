using FsCheck;
using FsCheck.Fluent;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Ids;
using MediaAspire.Storage.Chunks;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Storage;

public sealed class ChunkFooterTests
{
    private static readonly ChunkFooter s_footer = new(
        new ChunkId(new Guid("00112233-4455-6677-8899-aabbccddeeff")),
        new FileId(new Guid("ffeeddcc-bbaa-9988-7766-554433221100")),
        size: 65_537,
        new Sha256Digest(TestBytes.Make(1, 32)),
        [0x0102030405060708, ulong.MaxValue]);

    [Fact]
    public void Decode_WhatEncodeWrote_GivesTheFooter()
    {
        Prop.ForAll<Guid, Guid, uint>((chunk, file, number) =>
        {
            var size = number % (100L * BlockFormat.BlockSize);
            var random = new Random((int)(number & int.MaxValue));
            var checksums = Enumerable.Range(0, BlockFormat.CountBlocks(size)).Select(_ => (ulong)random.NextInt64()).ToArray();
            var footer = new ChunkFooter(new ChunkId(chunk), new FileId(file), size, new Sha256Digest(TestBytes.Make(1, 32)), checksums);

            var bytes = footer.Encode();
            var decoded = ChunkFooter.Decode(bytes)!;

            return ChunkFooter.ReadLength(bytes, size + bytes.Length) == bytes.Length
                && decoded.Size == size
                && decoded.Info.Chunk == footer.Info.Chunk
                && decoded.Info.File == footer.Info.File
                && decoded.Info.Sha256.Span.SequenceEqual(footer.Info.Sha256.Span)
                && decoded.Checksums.SequenceEqual(checksums);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Encode_LaysFieldsOutAsDocumented()
    {
        var bytes = Convert.ToHexString(s_footer.Encode());

        Assert.Equal(2 * (16 + 128), bytes.Length);
        Assert.StartsWith("0807060504030201" + "FFFFFFFFFFFFFFFF" + "0100010000000000", bytes, StringComparison.Ordinal);
        Assert.Equal("00112233445566778899AABBCCDDEEFF" + "FFEEDDCCBBAA99887766554433221100", bytes.Substring(2 * (16 + 40), 64));
        Assert.Equal("00000100" + "02000000" + "01000000" + "90000000" + new string('0', 48), bytes.Substring(2 * (16 + 72), 80));
        Assert.EndsWith(Convert.ToHexString("MACHUNK1"u8), bytes, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_AnySingleBitFlipped_ReturnsNull()
    {
        var bytes = s_footer.Encode();

        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(ChunkFooter.Decode(bytes));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.NotNull(ChunkFooter.Decode(bytes));
    }

    [Fact]
    public void Decode_AnyBytes_ReturnsNull() =>
        Prop.ForAll<byte[]>(bytes => ChunkFooter.Decode(bytes) is null && ChunkFooter.ReadLength(bytes, bytes.Length) is null)
            .QuickCheckThrowOnFailure();
}
