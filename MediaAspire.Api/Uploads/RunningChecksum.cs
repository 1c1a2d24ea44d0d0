using System.Buffers.Binary;
using System.IO.Hashing;
using System.Security.Cryptography;

namespace MediaAspire.Api.Uploads;

/// <summary>A checksum that is being computed.</summary>
internal sealed class RunningChecksum : IDisposable
{
    private readonly IncrementalHash? _hash;
    private readonly Crc32? _crc;

    public RunningChecksum(IncrementalHash hash) => _hash = hash;

    public RunningChecksum(Crc32 crc) => _crc = crc;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        _hash?.AppendData(bytes);
        _crc?.Append(bytes);
    }

    /// <summary>Computes the value of all bytes; those of CRCs in network order.</summary>
    public byte[] Finish()
    {
        if (_hash is not null)
        {
            return _hash.GetHashAndReset();
        }

        var value = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(value, _crc!.GetCurrentHashAsUInt32());
        return value;
    }

    public void Dispose() => _hash?.Dispose();
}
