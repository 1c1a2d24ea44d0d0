using System.Buffers;
using System.Net.Sockets;
using Google.Protobuf;
using Grpc.Core;
using MediaAspire.Core.Chunks.Protos;

namespace MediaAspire.Core.Chunks.Transfers;

/// <summary>A writer's connection to a node, for one put after the other.</summary>
/// <remarks>One thread at a time, except <see cref="Abort"/>, which is the only legal call after an exception.</remarks>
internal sealed class TransferConnection
{
    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[TransferFrames.Magic.Length + TransferFrames.PrefixBytes + TransferFrames.MaxMessageBytes];

    private int _isAborted;

    private TransferConnection(Socket socket) => _socket = socket;

    /// <summary>Gets or sets the time of the last use, as a timestamp of the time provider.</summary>
    public long UsedAt { get; set; }

    /// <summary>Gets a value indicating whether the node has sent a reply or closed the connection.</summary>
    public bool HasReply => _socket.Poll(0, SelectMode.SelectRead);

    /// <summary>Gets a value indicating whether this side has aborted the connection.</summary>
    public bool IsAborted => Volatile.Read(ref _isAborted) != 0;

    /// <summary>Connects and sends the hello.</summary>
    /// <returns>The connection; <see langword="null"/> when the listener does not speak the transfer protocol.</returns>
    /// <exception cref="SocketException">The connection failed or timed out.</exception>
    /// <exception cref="RpcException">The token is missing or wrong, or the node is another server.</exception>
    public static async Task<TransferConnection?> OpenAsync(
        Uri address, TransferHello hello, TimeSpan connectTimeout, TimeProvider time, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var connection = new TransferConnection(socket);
        try
        {
            await ConnectAsync(socket, address, connectTimeout, time, cancellationToken);
            await connection.SendHelloAsync(hello, cancellationToken);
            if (!await connection.ReceiveMagicAsync(cancellationToken))
            {
                connection.Abort();
                return null;
            }

            Check(await connection.ReceiveAsync(cancellationToken));
            return connection;
        }
        catch
        {
            connection.Abort();
            throw;
        }
    }

    /// <summary>Throws the error of a reply that is not a success.</summary>
    public static void Check(TransferReply reply)
    {
        if (reply.Status != (int)StatusCode.OK)
        {
            throw new RpcException(new Status((StatusCode)reply.Status, reply.Detail));
        }
    }

    /// <summary>Sends a message and its raw bytes.</summary>
    public async Task SendAsync(IMessage message, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        var length = TransferFrames.Write(_buffer, message, data.Length);
        await SendAllAsync(_buffer.AsMemory(0, length), cancellationToken);
        if (data.Length > 0)
        {
            await SendAllAsync(data, cancellationToken);
        }
    }

    /// <summary>Sends three messages at once, the middle one with its raw bytes.</summary>
    public async Task SendAsync(
        IMessage first, IMessage second, ReadOnlyMemory<byte> data, IMessage third, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((3 * _buffer.Length) + data.Length);
        try
        {
            var length = TransferFrames.Write(buffer, first);
            length += TransferFrames.Write(buffer.AsSpan(length), second, data.Length);
            data.Span.CopyTo(buffer.AsSpan(length));
            length += data.Length;
            length += TransferFrames.Write(buffer.AsSpan(length), third);
            await SendAllAsync(buffer.AsMemory(0, length), cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Waits for the node's next reply.</summary>
    /// <exception cref="IOException">The node has closed the connection.</exception>
    public async Task<TransferReply> ReceiveAsync(CancellationToken cancellationToken)
    {
        await ReceiveAllAsync(_buffer.AsMemory(0, TransferFrames.PrefixBytes), cancellationToken);
        var (length, _) = TransferFrames.ReadPrefix(_buffer);
        await ReceiveAllAsync(_buffer.AsMemory(0, length), cancellationToken);
        return TransferReply.Parser.ParseFrom(_buffer.AsSpan(0, length));
    }

    /// <summary>Closes the connection after a successful put.</summary>
    public void Close() => _socket.Dispose();

    /// <summary>Resets the connection: the node drops the unfinished chunk at once, including bytes in transit.</summary>
    public void Abort()
    {
        if (Interlocked.Exchange(ref _isAborted, 1) == 0)
        {
            if (_socket.Connected)
            {
                _socket.LingerState = new LingerOption(enable: true, seconds: 0);
            }

            _socket.Dispose();
        }
    }

    private static async Task ConnectAsync(
        Socket socket, Uri address, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await socket.ConnectAsync(address.IdnHost, address.Port, either.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new SocketException((int)SocketError.TimedOut);
        }

        TransferFrames.Probe(socket);
    }

    private Task SendHelloAsync(TransferHello hello, CancellationToken cancellationToken)
    {
        TransferFrames.Magic.CopyTo(_buffer);
        var length = TransferFrames.Magic.Length;
        length += TransferFrames.Write(_buffer.AsSpan(length), hello);
        return SendAllAsync(_buffer.AsMemory(0, length), cancellationToken);
    }

    /// <summary>Receives the node's magic.</summary>
    /// <returns><see langword="false"/> when other bytes arrived.</returns>
    private async Task<bool> ReceiveMagicAsync(CancellationToken cancellationToken)
    {
        var length = TransferFrames.Magic.Length;
        for (var received = 0; received < length;)
        {
            var more = await _socket.ReceiveAsync(_buffer.AsMemory(received, length - received), cancellationToken);
            received += more;
            if (received == 0)
            {
                throw Closed();
            }

            if (more == 0 || !TransferFrames.Magic.StartsWith(_buffer.AsSpan(0, received)))
            {
                return false;
            }
        }

        return true;
    }

    private static IOException Closed() => new("The node has closed the connection.");

    private async Task SendAllAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await _socket.SendAsync(bytes, cancellationToken)..];
        }
    }

    private async Task ReceiveAllAsync(Memory<byte> bytes, CancellationToken cancellationToken)
    {
        while (bytes.Length > 0)
        {
            var received = await _socket.ReceiveAsync(bytes, cancellationToken);
            bytes = received > 0 ? bytes[received..] : throw Closed();
        }
    }
}
