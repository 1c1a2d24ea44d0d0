using System.IO.Pipelines;
using Google.Protobuf;
using Grpc.Core;
using MediaAspire.Core.Chunks.Protos;
using MediaAspire.Core.Chunks.Transfers;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace MediaAspire.Storage.Transfers;

/// <summary>Serves transfer connections on the port that gRPC is served on: the first bytes tell which it is. docs/formats/transfer.md is the text.</summary>
/// <remarks>Browsers, scrapers and health probes speak HTTP/1.1, and are told from the others by their first bytes too.</remarks>
internal sealed partial class TransferServer(ITransferService service, TimeProvider time, ILogger<TransferServer> logger)
{
    // The longest beginning by which a request of HTTP/1.1 is known: this port has only pages to read for those who speak it.
    private const int Http1Bytes = 5;

    // How long a caller may take to say what it speaks.
    private static readonly TimeSpan s_firstBytes = TimeSpan.FromMinutes(2);

    // How long a writer that was refused in the middle may take to hear it.
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(10);

    /// <summary>Serves a transfer connection, or hands the connection on to the HTTP server with its bytes untouched.</summary>
    public async Task OnConnectionAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var protocol = await RecognizeAsync(connection);
        if (protocol != Protocol.Transfer)
        {
            if (protocol == Protocol.Http1)
            {
                connection.UseHttp1();
            }

            await next(connection);
            return;
        }

        try
        {
            await ServeAsync(connection);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or InvalidOperationException)
        {
            LogBroken(connection.ConnectionId, exception.Message);
        }
    }

    private async Task<Protocol> RecognizeAsync(ConnectionContext connection)
    {
        var input = connection.Transport.Input;
        using var limit = new CancellationTokenSource(s_firstBytes, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed, limit.Token);
        try
        {
            var read = await input.ReadAtLeastAsync(Http1Bytes, either.Token);
            var isHttp1 = BeginsWith(read, "GET "u8) || BeginsWith(read, "HEAD "u8);
            input.AdvanceTo(read.Buffer.Start);
            if (isHttp1)
            {
                return Protocol.Http1;
            }

            // HTTP/2 begins with as many bytes.
            read = await input.ReadAtLeastAsync(TransferFrames.Magic.Length, either.Token);
            var isTransfer = BeginsWith(read, TransferFrames.Magic);
            input.AdvanceTo(isTransfer ? read.Buffer.GetPosition(TransferFrames.Magic.Length) : read.Buffer.Start);
            return isTransfer ? Protocol.Transfer : Protocol.Http2;
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // Gone, or silent; HTTP knows what to do about that.
            return Protocol.Http2;
        }

        static bool BeginsWith(ReadResult read, ReadOnlySpan<byte> expected)
        {
            Span<byte> first = stackalloc byte[TransferFrames.Magic.Length];
            first = first[..expected.Length];
            if (read.Buffer.Length < first.Length)
            {
                return false;
            }

            System.Buffers.BuffersExtensions.CopyTo(read.Buffer.Slice(0, first.Length), first);
            return first.SequenceEqual(expected);
        }
    }

    private static async Task SendAsync(PipeWriter output, IMessage message, CancellationToken cancellationToken)
    {
        output.Advance(TransferFrames.Write(output.GetSpan(TransferFrames.PrefixBytes + TransferFrames.MaxMessageBytes), message));
        await output.FlushAsync(cancellationToken);
    }

    private static TransferReply RefusalOf(Status status)
    {
        var detail = status.Detail.Length > TransferFrames.MaxDetailLength ? status.Detail[..TransferFrames.MaxDetailLength] : status.Detail;
        return new TransferReply { Status = (int)status.StatusCode, Detail = detail };
    }

    private async Task ServeAsync(ConnectionContext connection)
    {
        // A writer may be slow for as long as it likes, but not gone.
        if (connection.Features.Get<IConnectionSocketFeature>() is { } feature)
        {
            TransferFrames.Probe(feature.Socket);
        }

        var closed = connection.ConnectionClosed;
        var closing = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        using var idle = CancellationTokenSource.CreateLinkedTokenSource(closed, closing);
        var output = connection.Transport.Output;
        var parts = new TransferParts(connection.Transport.Input);

        await output.WriteAsync(TransferFrames.Magic.ToArray(), closed);
        var reply = await AdmitAsync(parts, closed);
        await SendAsync(output, reply, closed);
        while (IsGood(reply) && await parts.WaitForPutAsync(idle.Token))
        {
            reply = await PutAsync(parts, output, closed);
            await SendAsync(output, reply, closed);
        }

        if (!IsGood(reply))
        {
            // Closing now would make the writer's kernel throw the reply away together with what it could not deliver.
            using var farewell = new CancellationTokenSource(s_farewell, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(closed, farewell.Token);
            await parts.DropRestAsync(either.Token);
        }
    }

    private static bool IsGood(TransferReply reply) => reply.Status == (int)StatusCode.OK;

    private async Task<TransferReply> AdmitAsync(TransferParts parts, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(s_firstBytes, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            var (hello, _) = await parts.ReadMessageAsync(TransferHello.Parser, either.Token);
            service.Admit(hello ?? throw new IOException("The connection ended before its hello."));
            return new TransferReply();
        }
        catch (RpcException refused)
        {
            return RefusalOf(refused.Status);
        }
        catch (InvalidDataException malformed)
        {
            return RefusalOf(new Status(StatusCode.InvalidArgument, malformed.Message));
        }
    }

    /// <summary>Receives one chunk, and says that the node is at work while its seal takes long.</summary>
    private async Task<TransferReply> PutAsync(TransferParts parts, PipeWriter output, CancellationToken cancellationToken)
    {
        var putting = PutAsync(parts, () => SendAsync(output, new TransferReply(), cancellationToken), cancellationToken);
        using var done = new CancellationTokenSource();
        try
        {
            // Before the seal the put itself writes, after it only this does.
            while (await Task.WhenAny(putting, Task.Delay(TransferFrames.PulseInterval, time, done.Token)) != putting)
            {
                if (parts.IsSealed)
                {
                    await SendAsync(output, new TransferReply { Working = true }, cancellationToken);
                }
            }
        }
        finally
        {
            await done.CancelAsync();
            await ((Task)putting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return await putting;
    }

    private async Task<TransferReply> PutAsync(TransferParts parts, Func<Task> accept, CancellationToken cancellationToken)
    {
        try
        {
            return new TransferReply { Sealed = await service.PutAsync(parts, accept, cancellationToken) };
        }
        catch (RpcException refused)
        {
            return RefusalOf(refused.Status);
        }
    }

    private enum Protocol
    {
        Transfer,
        Http1,
        Http2,
    }

    [LoggerMessage(LogLevel.Debug, "Transfer connection {ConnectionId} broke: {Reason}")]
    private partial void LogBroken(string connectionId, string reason);
}
