using System.Buffers;

namespace MediaAspire.Core.Chunks;

/// <summary>A reader of the protobuf wire format. Malformed input is an <see cref="InvalidDataException"/>.</summary>
internal ref struct WireReader(ReadOnlySequence<byte> message)
{
    private SequenceReader<byte> _reader = new(message);

    public readonly bool End => _reader.End;

    public bool TryReadTag(out uint tag)
    {
        if (_reader.End)
        {
            tag = 0;
            return false;
        }

        tag = checked((uint)Math.Min(ReadVarint(), uint.MaxValue));
        return true;
    }

    public ulong ReadVarint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (!_reader.TryRead(out var next))
            {
                throw Truncated();
            }

            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("A varint is longer than ten bytes.");
    }

    public ulong ReadFixed64() =>
        _reader.TryReadLittleEndian(out long value) ? unchecked((ulong)value) : throw Truncated();

    public ReadOnlySequence<byte> ReadBytes()
    {
        var length = ReadVarint();
        if (length > (ulong)_reader.Remaining)
        {
            throw Truncated();
        }

        var bytes = _reader.UnreadSequence.Slice(0, (long)length);
        _reader.Advance((long)length);
        return bytes;
    }

    /// <summary>Skips the value of an unknown field.</summary>
    public void Skip(uint tag)
    {
        switch (tag & 7)
        {
            case 0:
                ReadVarint();
                break;
            case 1:
                Advance(sizeof(ulong));
                break;
            case 2:
                ReadBytes();
                break;
            case 5:
                Advance(sizeof(uint));
                break;
            default:
                throw new InvalidDataException($"Wire type {tag & 7} is not supported.");
        }
    }

    private void Advance(int bytes)
    {
        if (_reader.Remaining < bytes)
        {
            throw Truncated();
        }

        _reader.Advance(bytes);
    }

    private static InvalidDataException Truncated() => new("A message ends in the middle of a field.");
}
