using System.Buffers.Binary;
using System.Net.Sockets;
using Google.Protobuf;

namespace MediaAspire.Core.Chunks.Transfers;

/// <summary>
/// The frames of a transfer connection, which carries chunks to a node without HTTP. docs/formats/transfer.md is the specification.
/// </summary>
/// <remarks>
/// A connection begins with <see cref="Magic"/> from either side. Then come frames: two lengths, a protobuf message, and raw bytes that no
/// protobuf code ever copies.
/// </remarks>
public static class TransferFrames
{
    /// <summary>
    /// The size of a frame's prefix in bytes: the lengths of the message and of its raw bytes, as little-endian 32-bit numbers.
    /// </summary>
    public const int PrefixBytes = 8;

    /// <summary>The maximum size of a message in bytes.</summary>
    public const int MaxMessageBytes = 4096;

    /// <summary>The maximum length of a reply's detail in characters, so that every reply fits.</summary>
    public const int MaxDetailLength = 1000;

    /// <summary>The interval of a node's signs of progress during a seal.</summary>
    public static readonly TimeSpan PulseInterval = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Gets the first bytes of a connection: a line as long as the preface of HTTP/2, which an HTTP server refuses at once.
    /// </summary>
    public static ReadOnlySpan<byte> Magic => "MEDIAASPIRE-TRANSFER/1\r\n"u8;

    /// <summary>Has the kernel end a connection whose other host is lost, after at most 25 s of silence.</summary>
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
    /// <param name="dataBytes">The number of raw bytes that follow.</param>
    /// <returns>The number of bytes written.</returns>
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
        var message = BinaryPrimitives.ReadInt32LittleEndian(prefix);
        var data = BinaryPrimitives.ReadInt32LittleEndian(prefix[sizeof(int)..]);
        return message is < 0 or > MaxMessageBytes || data is < 0 or > BlockFormat.MaxRunBytes
            ? throw new InvalidDataException(
                $"A frame announces a message of {message} bytes and {data} raw bytes; "
                + $"at most {MaxMessageBytes} and {BlockFormat.MaxRunBytes} are allowed.")
            : (message, data);
    }
}
