using System.Buffers;
using System.Buffers.Binary;
using MediaAspire.Core.Chunks.Protos;

namespace MediaAspire.Core.Chunks;

/// <summary>The protobuf encoding of the messages that carry blocks, without an object for every byte string.</summary>
/// <remarks>
/// Writes the bytes that the generated code of chunk_store.proto writes, and reads every valid form of them: any field order, unknown
/// fields, unpacked checksums. A malformed run is an <see cref="InvalidDataException"/>.
/// </remarks>
internal static class BlockRunCodec
{
    // (field number << 3) | wire type; wire types: 0 varint, 1 fixed64, 2 length-delimited, 5 fixed32.
    private const uint OffsetTag = (1 << 3) | 0;
    private const uint ChecksumTag = (2 << 3) | 1;
    private const uint ChecksumsTag = (2 << 3) | 2;
    private const uint DataTag = (3 << 3) | 2;
    private const uint OpenTag = (1 << 3) | 2;
    private const uint BlocksTag = (2 << 3) | 2;
    private const uint SealTag = (3 << 3) | 2;

    private const int MaxVarintBytes = 10;

    public static int SizeOf(BlockRun run)
    {
        var checksums = run.Checksums.Length * sizeof(ulong);
        return (run.Offset == 0 ? 0 : 1 + SizeOfVarint((ulong)run.Offset))
            + (checksums == 0 ? 0 : 1 + SizeOfVarint((ulong)checksums) + checksums)
            + (run.Length == 0 ? 0 : 1 + SizeOfVarint((ulong)run.Length) + run.Length);
    }

    /// <summary>Computes the size of a part that holds a run of <paramref name="runSize"/> encoded bytes.</summary>
    public static int SizeOfPart(int runSize) => 1 + SizeOfVarint((ulong)runSize) + runSize;

    public static void WritePart(IBufferWriter<byte> writer, BlockRun run, int runSize)
    {
        var span = writer.GetSpan(1 + MaxVarintBytes);
        span[0] = (byte)BlocksTag;
        writer.Advance(1 + WriteVarint(span[1..], (ulong)runSize));
        Write(writer, run);
    }

    public static void Write(IBufferWriter<byte> writer, BlockRun run)
    {
        // Both tags of a length-delimited field, both lengths, the offset and at most 16 checksums.
        var head = writer.GetSpan(3 + (3 * MaxVarintBytes) + (run.Checksums.Length * sizeof(ulong)));
        var length = 0;
        if (run.Offset != 0)
        {
            head[length++] = (byte)OffsetTag;
            length += WriteVarint(head[length..], (ulong)run.Offset);
        }

        if (run.Checksums.Length != 0)
        {
            head[length++] = (byte)ChecksumsTag;
            length += WriteVarint(head[length..], (ulong)(run.Checksums.Length * sizeof(ulong)));
            foreach (var checksum in run.Checksums)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(head[length..], checksum);
                length += sizeof(ulong);
            }
        }

        if (run.Length != 0)
        {
            head[length++] = (byte)DataTag;
            length += WriteVarint(head[length..], (ulong)run.Length);
        }

        writer.Advance(length);
        writer.Write(run.Data.Span);
    }

    /// <summary>Reads a run; the caller owns it.</summary>
    public static BlockRun Read(ReadOnlySequence<byte> message)
    {
        var offset = 0L;
        ReadOnlySequence<byte> data = default;
        Span<ulong> checksums = stackalloc ulong[BlockFormat.MaxRunBytes / BlockFormat.BlockSize];
        var count = 0;

        var reader = new WireReader(message);
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case OffsetTag:
                    offset = (long)reader.ReadVarint();
                    break;
                case ChecksumTag:
                    Add(checksums, ref count, reader.ReadFixed64());
                    break;
                case ChecksumsTag:
                    var packed = new WireReader(reader.ReadBytes());
                    while (!packed.End)
                    {
                        Add(checksums, ref count, packed.ReadFixed64());
                    }

                    break;
                case DataTag:
                    data = reader.ReadBytes();
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }

        return Make(offset, data, checksums[..count]);
    }

    /// <summary>Reads a part; the caller owns its run.</summary>
    public static PutChunkPart ReadPart(ReadOnlySequence<byte> message)
    {
        uint found = 0;
        ReadOnlySequence<byte> body = default;
        var reader = new WireReader(message);
        while (reader.TryReadTag(out var tag))
        {
            if (tag is OpenTag or BlocksTag or SealTag)
            {
                // The last member of a oneof wins; no sender repeats one to have its parts merged.
                (found, body) = (tag, reader.ReadBytes());
            }
            else
            {
                reader.Skip(tag);
            }
        }

        return found switch
        {
            OpenTag => new PutChunkPart { Open = PutChunkOpen.Parser.ParseFrom(body) },
            BlocksTag => new PutChunkPart { Blocks = Read(body) },
            SealTag => new PutChunkPart { Seal = PutChunkSeal.Parser.ParseFrom(body) },
            _ => throw new InvalidDataException("A message of a PutChunk stream must have `open`, `blocks` or `seal`."),
        };
    }

    private static BlockRun Make(long offset, ReadOnlySequence<byte> data, ReadOnlySpan<ulong> checksums)
    {
        if (offset < 0 || BlockFormat.BlockStart(offset) != offset)
        {
            throw new InvalidDataException($"A run of blocks starts at {offset}, which is not a multiple of {BlockFormat.BlockSize}.");
        }

        if (data.Length is 0 or > BlockFormat.MaxRunBytes)
        {
            throw new InvalidDataException($"A run of blocks has {data.Length} bytes; 1 to {BlockFormat.MaxRunBytes} are allowed.");
        }

        if (checksums.Length != BlockFormat.CountBlocks(data.Length))
        {
            throw new InvalidDataException(
                $"A run of {data.Length} bytes has {checksums.Length} checksums; {BlockFormat.CountBlocks(data.Length)} are needed.");
        }

        var run = BlockRun.Rent(offset, (int)data.Length);
        data.CopyTo(run.Unused.Span);
        run.Advance((int)data.Length);
        run.Complete(checksums);
        return run;
    }

    private static void Add(Span<ulong> checksums, ref int count, ulong checksum)
    {
        if (count == checksums.Length)
        {
            throw new InvalidDataException($"A run of blocks has more than {checksums.Length} checksums.");
        }

        checksums[count++] = checksum;
    }

    private static int SizeOfVarint(ulong value) => (63 - System.Numerics.BitOperations.LeadingZeroCount(value | 1)) / 7 + 1;

    private static int WriteVarint(Span<byte> destination, ulong value)
    {
        var length = 0;
        while (value >= 0x80)
        {
            destination[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        destination[length++] = (byte)value;
        return length;
    }
}
