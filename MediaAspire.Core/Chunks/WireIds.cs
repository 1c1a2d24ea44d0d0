using Google.Protobuf;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Chunks;

/// <summary>The encoding of ids in the protocol: 16 big-endian bytes.</summary>
public static class WireIds
{
    public static ByteString ToByteString(this ChunkId id)
    {
        Span<byte> bytes = stackalloc byte[ChunkId.Size];
        id.Write(bytes);
        return ByteString.CopyFrom(bytes);
    }

    public static ByteString ToByteString(this FileId id)
    {
        Span<byte> bytes = stackalloc byte[FileId.Size];
        id.Write(bytes);
        return ByteString.CopyFrom(bytes);
    }

    public static ByteString ToByteString(this ServerId id)
    {
        Span<byte> bytes = stackalloc byte[ServerId.Size];
        id.Write(bytes);
        return ByteString.CopyFrom(bytes);
    }

    public static bool TryRead(this ByteString bytes, out ServerId id)
    {
        id = bytes.Length == ServerId.Size ? ServerId.Read(bytes.Span) : default;
        return bytes.Length == ServerId.Size;
    }

    public static bool TryRead(this ByteString bytes, out ChunkId id)
    {
        id = bytes.Length == ChunkId.Size ? ChunkId.Read(bytes.Span) : default;
        return bytes.Length == ChunkId.Size;
    }

    public static bool TryRead(this ByteString bytes, out FileId id)
    {
        id = bytes.Length == FileId.Size ? FileId.Read(bytes.Span) : default;
        return bytes.Length == FileId.Size;
    }
}
