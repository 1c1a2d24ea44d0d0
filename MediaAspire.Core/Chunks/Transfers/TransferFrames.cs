using System.Buffers.Binary;
using System.Net.Sockets;
using Google.Protobuf;

namespace MediaAspire.Core.Chunks.Transfers;

/// <summary>What travels on a transfer connection: chunks on their way to a node, without HTTP around them. docs/formats/transfer.md is the text.</summary>
/// <remarks>
/// A connection begins with <see cref="Magic"/> from either side. Then come frames: two lengths, a protobuf message, and raw bytes that no
/// protobuf code ever copies.
/// </remarks>
public static class TransferFrames
{
    /// <summary>Bytes before each message: its length, and that of the raw bytes behind it, both as little-endian 32-bit numbers.</summary>
    public const int PrefixBytes = 8;

    /// <summary>Most bytes of a message.</summary>
    public const int MaxMessageBytes = 4096;

    /// <summary>Most characters of a reply's detail, so that any reply fits.</summary>
    public const int MaxDetailLength = 1000;

    /// <summary>How often a node that works on a seal says so.</summary>
    public static readonly TimeSpan PulseInterval = TimeSpan.FromSeconds(1);

    /// <summary>Gets what a connection begins with: a line as long as the preface of HTTP/2, which a server of HTTP refuses as soon as it is there.</summary>
    public static ReadOnlySpan<byte> Magic => "MEDIAASPIRE-TRANSFER/1\r\n"u8;

    /// <summary>Has the kernel end a connection whose other host is lost: after 25 s of silence at most.</summary>
    public static void Probe(Socket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);

        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 10);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 5);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
    }

    /// <summary>Encodes prefix and message of a frame.</summary>
    /// <param name="destination">At least <see cref="PrefixBytes"/> and <see cref="MaxMessageBytes"/>.</param>
    /// <param name="message">The message.</param>
    /// <param name="dataBytes">Raw bytes that will follow.</param>
    /// <returns>The bytes written.</returns>
    public static int Write(Span<byte> destination, IMessage message, int dataBytes = 0)
    {
        ArgumentNullException.ThrowIfNull(message);

        var size = message.CalculateSize();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, MaxMessageBytes, nameof(message));
        BinaryPrimitives.WriteInt32LittleEndian(destination, size);
        BinaryPrimitives.WriteInt32LittleEndian(destination[sizeof(int)..], dataBytes);
        message.WriteTo(destination.Slice(PrefixBytes, size));
        return PrefixBytes + size;
    }

    /// <summary>Reads a prefix.</summary>
    /// <exception cref="InvalidDataException">A length is out of its range.</exception>
    public static (int MessageBytes, int DataBytes) ReadPrefix(ReadOnlySpan<byte> prefix)
    {
        var (message, data) = (BinaryPrimitives.ReadInt32LittleEndian(prefix), BinaryPrimitives.ReadInt32LittleEndian(prefix[sizeof(int)..]));
        return message is < 0 or > MaxMessageBytes || data is < 0 or > BlockFormat.MaxRunBytes
            ? throw new InvalidDataException($"A frame announces a message of {message} bytes and {data} bytes behind it.")
            : (message, data);
    }
}
