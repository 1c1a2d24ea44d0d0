using System.Net.Sockets;
using System.Security.Cryptography;
using Google.Protobuf;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Chunks.Protos;
using MediaAspire.Core.Chunks.Transfers;
using MediaAspire.Core.Ids;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Storage;

/// <summary>A writer that sends any valid or invalid frames over a transfer connection.</summary>
internal sealed class RawWriter : IDisposable
{
    private readonly TcpClient _client = new();
    private readonly NetworkStream _stream;

    private RawWriter(Uri node)
    {
        _client.Connect(node.Host, node.Port);
        _stream = _client.GetStream();
        _stream.ReadTimeout = 20_000;
    }

    /// <summary>Gets a hello that every node of the tests accepts.</summary>
    public static TransferHello Hello => new() { ClusterToken = TestNode.Token };

    /// <summary>Connects without sending anything.</summary>
    public static RawWriter Connect(Uri node) => new(node);

    /// <summary>Connects, sends its hello and is accepted.</summary>
    public static RawWriter Open(Uri node)
    {
        var writer = new RawWriter(node);
        writer.Send(TransferFrames.Magic);
        writer.Send(Hello);
        Assert.Equal(TransferFrames.Magic, writer.Receive(TransferFrames.Magic.Length));
        Assert.Equal(new TransferReply(), writer.ReceiveReply());
        return writer;
    }

    public static PutChunkRequest OpenOf(ChunkId chunk, bool whole = false) => new()
    {
        Open = new() { ChunkId = chunk.ToByteString(), FileId = FileId.New(TimeProvider.System).ToByteString(), Whole = whole },
    };

    public static PutChunkRequest BlocksOf(byte[] bytes, long offset = 0)
    {
        var head = new PutChunkRequest { Blocks = new() { Offset = offset } };
        head.Blocks.Checksums.AddRange(bytes.Chunk(BlockFormat.BlockSize).Select(block => BlockFormat.Checksum(block)));
        return head;
    }

    public static PutChunkRequest SealOf(byte[] bytes) => new()
    {
        Seal = new() { Size = bytes.Length, Sha256 = ByteString.CopyFrom(SHA256.HashData(bytes)) },
    };

    public void Send(ReadOnlySpan<byte> bytes) => _stream.Write(bytes);

    public void Send(IMessage message, ReadOnlySpan<byte> data = default, int? announced = null)
    {
        var frame = new byte[TransferFrames.PrefixBytes + TransferFrames.MaxMessageBytes];
        var length = TransferFrames.Write(frame, message, announced ?? data.Length);
        _stream.Write([.. frame[..length], .. data]);
    }

    public byte[] Receive(int length)
    {
        var bytes = new byte[length];
        _stream.ReadExactly(bytes);
        return bytes;
    }

    public TransferReply ReceiveReply()
    {
        var (length, dataBytes) = TransferFrames.ReadPrefix(Receive(TransferFrames.PrefixBytes));
        Assert.Equal(0, dataBytes);
        return TransferReply.Parser.ParseFrom(Receive(length));
    }

    /// <summary>Ends the sending direction; the node may still respond.</summary>
    public void EndSending() => _client.Client.Shutdown(SocketShutdown.Send);

    /// <summary>Reads all further bytes until the node ends the connection.</summary>
    public int ReadToEnd()
    {
        var total = 0;
        var buffer = new byte[1000];
        for (var read = _stream.Read(buffer); read > 0; read = _stream.Read(buffer))
        {
            total += read;
        }

        return total;
    }

    public void Dispose() => _client.Dispose();
}
