using System.IO.Pipelines;
using Google.Protobuf;
using Grpc.Core;
using MediaAspire.Core.Chunks.Protos;
using MediaAspire.Core.Chunks.Transfers;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace MediaAspire.Storage.Transfers;

/// <summary>
/// The server of transfer connections on the gRPC port, which detects the protocol by the first bytes. docs/formats/transfer.md is the
/// specification.
/// </summary>
/// <remarks>The HTTP/1.1 of browsers, scrapers and health probes is detected by its first bytes too.</remarks>
internal sealed partial class TransferServer(ITransferService service, TimeProvider time, ILogger<TransferServer> logger)
{
    // The length of "HEAD ". Over HTTP/1.1 this port serves only GET and HEAD.
    private const int Http1Bytes = 5;

    // The time limit for the first bytes of a caller.
    private static readonly TimeSpan s_firstBytes = TimeSpan.FromMinutes(2);

    // The time limit for a refused writer to receive the reply.
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(10);

    /// <summary>Serves a transfer connection, or passes the connection to the HTTP server with its bytes unread.</summary>
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

            // The preface of HTTP/2 has the same length.
            read = await input.ReadAtLeastAsync(TransferFrames.Magic.Length, either.Token);
            var isTransfer = BeginsWith(read, TransferFrames.Magic);
            input.AdvanceTo(isTransfer ? read.Buffer.GetPosition(TransferFrames.Magic.Length) : read.Buffer.Start);
            return isTransfer ? Protocol.Transfer : Protocol.Http2;
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // Disconnected or silent: left to the HTTP server.
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
        var detail = status.Detail.Length > TransferFrames.MaxDetailLength
            ? status.Detail[..TransferFrames.MaxDetailLength]
            : status.Detail;
        return new TransferReply { Status = (int)status.StatusCode, Detail = detail };
    }

    private async Task ServeAsync(ConnectionContext connection)
    {
        // A writer may be slow without limit, but a disconnected one is detected.
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
            // If the connection was closed now, the writer's kernel would discard the reply together with the undelivered bytes.
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
            service.Admit(hello ?? throw new IOException("The connection ended before the hello."));
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

    /// <summary>Receives one chunk, and sends signs of progress during a long seal.</summary>
    private async Task<TransferReply> PutAsync(TransferParts parts, PipeWriter output, CancellationToken cancellationToken)
    {
        var putting = PutAsync(parts, () => SendAsync(output, new TransferReply(), cancellationToken), cancellationToken);
        using var done = new CancellationTokenSource();
        try
        {
            // Before the seal only the put writes to the connection, after it only this method.
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

    [LoggerMessage(LogLevel.Debug, "Transfer connection {ConnectionId} failed: {Reason}")]
    private partial void LogBroken(string connectionId, string reason);
}
