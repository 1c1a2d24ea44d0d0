using Grpc.Core;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Chunks.Protos;
using MediaAspire.Core.Chunks.Transfers;
using MediaAspire.Core.Ids;
using MediaAspire.Storage.Chunks;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Storage;

/// <summary>Tests that a node serves writers that follow docs/formats/transfer.md, and refuses others.</summary>
public sealed class TransferServerTests : IAsyncLifetime
{
    private static readonly byte[] s_bytes = TestBytes.Make(1, 100_000);

    private readonly ChunkId _chunk = ChunkId.New(TimeProvider.System);
    private TestNode _node = null!;

    public async Task InitializeAsync() => _node = await TestNode.StartAsync();

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Puts_one_after_the_other_on_one_connection_are_all_there()
    {
        using var writer = RawWriter.Open(_node.Address);
        for (var i = 0; i < 3; i++)
        {
            var (chunk, bytes) = (ChunkId.New(TimeProvider.System), TestBytes.Make(i, 70_000 + i));
            writer.Send(RawWriter.OpenOf(chunk));
            Assert.Equal(new TransferReply(), writer.ReceiveReply());
            writer.Send(RawWriter.BlocksOf(bytes), bytes);
            writer.Send(RawWriter.SealOf(bytes));
            Assert.Equal(bytes.Length, writer.ReceiveReply().Sealed.Size);
            Assert.Equal(bytes, await _node.GetAsync(chunk, 0, bytes.Length));
        }
    }

    [Fact]
    public async Task A_whole_put_gets_one_reply()
    {
        using var writer = RawWriter.Open(_node.Address);

        writer.Send(RawWriter.OpenOf(_chunk, whole: true));
        writer.Send(RawWriter.BlocksOf(s_bytes), s_bytes);
        writer.Send(RawWriter.SealOf(s_bytes));

        Assert.Equal(s_bytes.Length, writer.ReceiveReply().Sealed.Size);
        writer.EndSending();
        Assert.Equal(0, writer.ReadToEnd());
        Assert.Equal(s_bytes, await _node.GetAsync(_chunk, 0, s_bytes.Length));
    }

    [Fact]
    public async Task A_frame_that_arrives_byte_by_byte_is_understood()
    {
        using var writer = RawWriter.Connect(_node.Address);
        var frames = new byte[3 * TransferFrames.MaxMessageBytes];
        TransferFrames.Magic.CopyTo(frames);
        var length = TransferFrames.Magic.Length;
        length += TransferFrames.Write(frames.AsSpan(length), RawWriter.Hello);
        length += TransferFrames.Write(frames.AsSpan(length), RawWriter.OpenOf(_chunk, whole: true));
        length += TransferFrames.Write(frames.AsSpan(length), RawWriter.BlocksOf([1, 2, 3]), 3);
        frames[length++] = 1;
        frames[length++] = 2;
        frames[length++] = 3;
        length += TransferFrames.Write(frames.AsSpan(length), RawWriter.SealOf([1, 2, 3]));

        for (var i = 0; i < length; i++)
        {
            writer.Send(frames.AsSpan(i, 1));
        }

        writer.Receive(TransferFrames.Magic.Length);
        Assert.Equal(new TransferReply(), writer.ReceiveReply());
        Assert.Equal(3, writer.ReceiveReply().Sealed.Size);
        Assert.Equal([1, 2, 3], await _node.GetAsync(_chunk, 0, 3));
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(TransferFrames.MaxMessageBytes + 1, 0)]
    [InlineData(0, -1)]
    [InlineData(0, BlockFormat.MaxRunBytes + 1)]
    [InlineData(int.MaxValue, int.MaxValue)]
    public async Task A_frame_with_impossible_lengths_is_refused(int messageBytes, int dataBytes)
    {
        using var writer = RawWriter.Open(_node.Address);
        writer.Send([.. BitConverter.GetBytes(messageBytes), .. BitConverter.GetBytes(dataBytes)]);
        await AssertRefusedAsync(writer, StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task An_invalid_message_is_refused()
    {
        using var writer = RawWriter.Open(_node.Address);
        writer.Send([3, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF]);
        await AssertRefusedAsync(writer, StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task Bytes_behind_anything_but_blocks_are_refused()
    {
        using var writer = RawWriter.Open(_node.Address);
        writer.Send(RawWriter.OpenOf(_chunk), s_bytes);
        await AssertRefusedAsync(writer, StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task Blocks_without_bytes_or_with_checksums_for_others_are_refused()
    {
        using var empty = RawWriter.Open(_node.Address);
        empty.Send(RawWriter.OpenOf(_chunk, whole: true));
        empty.Send(RawWriter.BlocksOf(s_bytes));
        await AssertRefusedAsync(empty, StatusCode.InvalidArgument);

        using var fewer = RawWriter.Open(_node.Address);
        fewer.Send(RawWriter.OpenOf(_chunk, whole: true));
        fewer.Send(RawWriter.BlocksOf(s_bytes), s_bytes.AsSpan(0, 1000));
        await AssertRefusedAsync(fewer, StatusCode.InvalidArgument);

        using var other = RawWriter.Open(_node.Address);
        other.Send(RawWriter.OpenOf(_chunk, whole: true));
        other.Send(RawWriter.BlocksOf(TestBytes.Make(2, s_bytes.Length)), s_bytes);
        await AssertRefusedAsync(other, StatusCode.DataLoss);
    }

    [Fact]
    public async Task A_seal_over_other_bytes_than_came_is_refused()
    {
        using var writer = RawWriter.Open(_node.Address);
        writer.Send(RawWriter.OpenOf(_chunk, whole: true));
        writer.Send(RawWriter.BlocksOf(s_bytes), s_bytes);
        writer.Send(RawWriter.SealOf(s_bytes[..^1]));
        await AssertRefusedAsync(writer, StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task Blocks_without_an_opening_are_refused_and_the_rest_is_dropped()
    {
        using var writer = RawWriter.Open(_node.Address);

        // More than the connection's buffers hold: a node that did not read it would keep the writer from seeing the reply.
        for (var offset = 0; offset < 40; offset++)
        {
            writer.Send(RawWriter.BlocksOf(TestBytes.Make(1, BlockFormat.DefaultRunBytes)), TestBytes.Make(1, BlockFormat.DefaultRunBytes));
        }

        await AssertRefusedAsync(writer, StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task A_connection_that_ends_in_the_middle_of_a_run_leaves_nothing()
    {
        using (var writer = RawWriter.Open(_node.Address))
        {
            writer.Send(RawWriter.OpenOf(_chunk));
            Assert.Equal(new TransferReply(), writer.ReceiveReply());
            writer.Send(RawWriter.BlocksOf(s_bytes), s_bytes.AsSpan(0, 50_000), announced: s_bytes.Length);
            Assert.Single(_node.Incoming);
        }

        await _node.WaitUntilNothingIncomingAsync();
        Assert.Empty(_node.Files);
    }

    [Fact]
    public async Task A_hundred_writers_that_announce_much_and_send_little_leave_the_space_to_others()
    {
        const int Writers = 100;
        const long Capacity = 400L * 1024 * 1024;
        await using var node = await TestNode.StartAsync(capacity: Capacity);
        var block = TestBytes.Make(1, BlockFormat.BlockSize);
        var writers = Enumerable.Range(0, Writers).Select(_ => RawWriter.Open(node.Address)).ToList();
        try
        {
            foreach (var writer in writers)
            {
                var open = RawWriter.OpenOf(ChunkId.New(TimeProvider.System));
                open.Open.ExpectedSize = Capacity / 2;
                writer.Send(open);
                Assert.Equal(new TransferReply(), writer.ReceiveReply());
                writer.Send(RawWriter.BlocksOf(block), block);
            }

            var held = Capacity - node.Store.AvailableBytes;
            Assert.InRange(held, 1, Writers * SpaceSteps.FileBytes(SpaceSteps.MinBytes));

            var honest = TestBytes.Make(2, 50_000_000);
            var chunk = await node.PutAsync(honest);
            Assert.Equal(honest, await node.GetAsync(chunk, 0, honest.Length));
        }
        finally
        {
            writers.ForEach(writer => writer.Dispose());
        }

        await node.WaitUntilNothingIncomingAsync();
        Assert.Single(node.Files);
    }

    [Fact]
    public async Task A_chunk_that_cannot_fit_is_refused_before_its_bytes()
    {
        await using var node = await TestNode.StartAsync(capacity: 100_000_000);
        using var writer = RawWriter.Open(node.Address);
        var open = RawWriter.OpenOf(_chunk);
        open.Open.ExpectedSize = 10L * 1024 * 1024 * 1024;

        writer.Send(open);

        Assert.Equal((int)StatusCode.ResourceExhausted, writer.ReceiveReply().Status);
        Assert.Empty(node.Incoming);
        Assert.Equal(100_000_000, node.Store.AvailableBytes);
    }

    [Fact]
    public async Task A_stop_in_good_order_ends_idle_connections_at_once()
    {
        using var writer = RawWriter.Open(_node.Address);

        await _node.StopAsync().WaitAsync(TimeSpan.FromSeconds(4));

        Assert.Equal(0, writer.ReadToEnd());
    }

    [Fact]
    public void Connections_with_another_preface_are_left_to_http()
    {
        using var writer = RawWriter.Connect(_node.Address);
        writer.Send("MEDIAASPIRE-TRANSFER/2\r\n"u8);

        // Kestrel closes the connection with its own GOAWAY.
        Assert.True(writer.ReadToEnd() > 0);
    }

    [Theory]
    [InlineData("GET / HTTP/1.0\r\n\r\n")]
    [InlineData("HEAD / HTTP/1.0\r\n\r\n")]
    public void A_request_of_http_1_is_answered_however_short_it_is(string request)
    {
        using var writer = RawWriter.Connect(_node.Address);
        writer.Send(System.Text.Encoding.ASCII.GetBytes(request));

        Assert.Equal("HTTP/1.1 404 Not Found", System.Text.Encoding.ASCII.GetString(writer.Receive("HTTP/1.1 404 Not Found".Length)));
    }

    private async Task AssertRefusedAsync(RawWriter writer, StatusCode expected)
    {
        var reply = writer.ReceiveReply();
        Assert.Equal((int)expected, reply.Status);
        Assert.NotEmpty(reply.Detail);
        Assert.Null(reply.Sealed);

        writer.EndSending();
        Assert.Equal(0, writer.ReadToEnd());
        await _node.WaitUntilNothingIncomingAsync();
        Assert.Empty(_node.Files);
    }
}
