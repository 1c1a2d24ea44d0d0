using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Chunks.Protos;
using MediaAspire.Tests.Harness;
using BlockRun = MediaAspire.Core.Chunks.BlockRun;
using GeneratedRun = MediaAspire.Core.Chunks.Protos.BlockRun;

namespace MediaAspire.Tests.Chunks;

public sealed class BlockRunCodecTests
{
    private static readonly Arbitrary<(int Length, int Block, int Seed)> s_runs = Gen
        .OneOf(Gen.Choose(1, 300), Gen.Choose(1, BlockFormat.MaxRunBytes))
        .SelectMany(length => Gen.Choose(0, int.MaxValue - 1), (length, block) => (length, block))
        .SelectMany(pair => Gen.Choose(0, 1000), (pair, seed) => (pair.length, pair.block, seed))
        .ToArbitrary();

    [Fact]
    public void Write_AnyRun_IsByteForByteWhatTheGeneratedCodeWrites()
    {
        Prop.ForAll(s_runs, c =>
        {
            using var run = Runs.Make(c.Seed, (long)c.Block * BlockFormat.BlockSize, c.Length);

            return Encode(run).AsSpan().SequenceEqual(ToGenerated(run).ToByteArray())
                && EncodePart(run).AsSpan().SequenceEqual(new PutChunkRequest { Blocks = ToGenerated(run) }.ToByteArray());
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Read_WhatTheGeneratedCodeWrites_GivesTheRun()
    {
        Prop.ForAll(s_runs, c =>
        {
            using var run = Runs.Make(c.Seed, (long)c.Block * BlockFormat.BlockSize, c.Length);
            using var read = BlockRunCodec.Read(Fragment(ToGenerated(run).ToByteArray(), 4096));
            using var part = BlockRunCodec.ReadPart(Fragment(new PutChunkRequest { Blocks = ToGenerated(run) }.ToByteArray(), 5)).Blocks!;

            return IsSame(run, read) && IsSame(run, part);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void ReadPart_OpenAndSeal_AreTheGeneratedMessages()
    {
        var id = ByteString.CopyFrom(new byte[16]);
        var open = new PutChunkOpen { ChunkId = id, FileId = id, ExpectedSize = 0 };
        var seal = new PutChunkSeal { Size = 7, Sha256 = ByteString.CopyFrom(new byte[32]) };

        Assert.Equal(open, BlockRunCodec.ReadPart(new(new PutChunkRequest { Open = open }.ToByteArray())).Open);
        Assert.Equal(seal, BlockRunCodec.ReadPart(new(new PutChunkRequest { Seal = seal }.ToByteArray())).Seal);
    }

    [Fact]
    public void Read_FieldsInAnotherOrderUnpackedAndUnknown_GivesTheRun()
    {
        using var run = Runs.Make(seed: 4, offset: 2 * BlockFormat.BlockSize, 70_000);
        using var stream = new MemoryStream();
        var output = new CodedOutputStream(stream);
        output.WriteTag(3, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(run.Data.Span));
        output.WriteTag(900, WireFormat.WireType.LengthDelimited);
        output.WriteString("a later version's field");
        output.WriteTag(901, WireFormat.WireType.Fixed32);
        output.WriteFixed32(1);
        foreach (var checksum in run.Checksums)
        {
            output.WriteTag(2, WireFormat.WireType.Fixed64);
            output.WriteFixed64(checksum);
        }

        output.WriteTag(902, WireFormat.WireType.Varint);
        output.WriteInt64(-1);
        output.WriteTag(1, WireFormat.WireType.Varint);
        output.WriteInt64(run.Offset);
        output.Flush();

        using var read = BlockRunCodec.Read(Fragment(stream.ToArray(), 7));

        Assert.True(IsSame(run, read));
    }

    [Fact]
    public void Read_AnyTruncation_ThrowsInvalidData()
    {
        using var run = Runs.Make(seed: 5, offset: BlockFormat.BlockSize, 100);
        var bytes = Encode(run);

        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => BlockRunCodec.Read(new(bytes.AsMemory(0, length))));
        }
    }

    [Fact]
    public void Read_AnyBytes_ThrowsInvalidDataOrGivesAWellFormedRun()
    {
        Prop.ForAll<byte[]>(bytes =>
        {
            try
            {
                using var run = BlockRunCodec.Read(new(bytes));
                return run.Checksums.Length == BlockFormat.CountBlocks(run.Length);
            }
            catch (InvalidDataException)
            {
                return true;
            }
        }).QuickCheckThrowOnFailure();
    }

    public static TheoryData<GeneratedRun> MalformedRuns => new()
    {
        new GeneratedRun(),
        new GeneratedRun { Offset = 1, Checksums = { 1 }, Data = ByteString.CopyFrom(1) },
        new GeneratedRun { Offset = -65_536, Checksums = { 1 }, Data = ByteString.CopyFrom(1) },
        new GeneratedRun { Data = ByteString.CopyFrom(1) },
        new GeneratedRun { Checksums = { 1, 2 }, Data = ByteString.CopyFrom(1) },
        new GeneratedRun { Checksums = { new ulong[17] }, Data = ByteString.CopyFrom(new byte[BlockFormat.MaxRunBytes + 1]) },
    };

    [Theory]
    [MemberData(nameof(MalformedRuns))]
    public void Read_MalformedRun_ThrowsInvalidData(GeneratedRun run) =>
        Assert.Throws<InvalidDataException>(() => BlockRunCodec.Read(new(run.ToByteArray())));

    [Fact]
    public void ReadPart_NoMember_ThrowsInvalidData() =>
        Assert.Throws<InvalidDataException>(() => BlockRunCodec.ReadPart(ReadOnlySequence<byte>.Empty));

    private static byte[] Encode(BlockRun run)
    {
        var writer = new ArrayBufferWriter<byte>();
        BlockRunCodec.Write(writer, run);
        Assert.Equal(BlockRunCodec.SizeOf(run), writer.WrittenCount);
        return writer.WrittenSpan.ToArray();
    }

    private static byte[] EncodePart(BlockRun run)
    {
        var writer = new ArrayBufferWriter<byte>();
        var size = BlockRunCodec.SizeOf(run);
        BlockRunCodec.WritePart(writer, run, size);
        Assert.Equal(BlockRunCodec.SizeOfPart(size), writer.WrittenCount);
        return writer.WrittenSpan.ToArray();
    }

    private static GeneratedRun ToGenerated(BlockRun run) =>
        new() { Offset = run.Offset, Checksums = { run.Checksums.ToArray() }, Data = ByteString.CopyFrom(run.Data.Span) };

    private static bool IsSame(BlockRun one, BlockRun other) =>
        one.Offset == other.Offset && one.Data.Span.SequenceEqual(other.Data.Span) && one.Checksums.SequenceEqual(other.Checksums);

    private static ReadOnlySequence<byte> Fragment(byte[] bytes, int pieceBytes)
    {
        Piece? first = null, last = null;
        for (var at = 0; at < bytes.Length; at += pieceBytes)
        {
            last = new Piece(bytes.AsMemory(at, Math.Min(pieceBytes, bytes.Length - at)), last);
            first ??= last;
        }

        return first is null ? ReadOnlySequence<byte>.Empty : new(first, 0, last!, last!.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, Piece? previous)
        {
            Memory = memory;
            if (previous is not null)
            {
                RunningIndex = previous.RunningIndex + previous.Memory.Length;
                previous.Next = this;
            }
        }
    }
}
