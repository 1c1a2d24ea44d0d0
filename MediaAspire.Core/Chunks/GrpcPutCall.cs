using Grpc.Core;
using MediaAspire.Core.Chunks.Protos;

namespace MediaAspire.Core.Chunks;

/// <summary>PutChunk as a stream of gRPC messages.</summary>
internal sealed class GrpcPutCall(AsyncClientStreamingCall<PutChunkPart, PutChunkReply> call, CallGuard guard, TimeSpan sealTimeout)
    : IPutCall
{
    private static readonly WriteOptions s_buffered = new(WriteFlags.BufferHint);

    public async Task OpenAsync(PutChunkOpen open, CancellationToken cancellationToken)
    {
        await call.RequestStream.WriteAsync(new PutChunkPart { Open = open }, cancellationToken);

        // A node that accepts sends its headers at once; a node that refuses ends the call.
        await call.ResponseHeadersAsync;
        if (call.ResponseAsync.IsFaulted)
        {
            await call.ResponseAsync;
        }
    }

    public Task WriteAsync(BlockRun run, CancellationToken cancellationToken) =>
        call.RequestStream.WriteAsync(new PutChunkPart { Blocks = run }, cancellationToken);

    public async Task SealAsync(PutChunkSeal seal, CancellationToken cancellationToken)
    {
        await call.RequestStream.WriteAsync(new PutChunkPart { Seal = seal }, cancellationToken);
        await call.RequestStream.CompleteAsync();
        await call.ResponseAsync.WaitAsync(cancellationToken);
    }

    public async Task StoreAsync(PutChunkOpen open, BlockRun run, PutChunkSeal seal, CancellationToken cancellationToken)
    {
        // The three messages are sent together; only the last one is flushed.
        call.RequestStream.WriteOptions = s_buffered;
        await call.RequestStream.WriteAsync(new PutChunkPart { Open = open }, cancellationToken);
        await call.RequestStream.WriteAsync(new PutChunkPart { Blocks = run }, cancellationToken);
        call.RequestStream.WriteOptions = null;
        await call.RequestStream.WriteAsync(new PutChunkPart { Seal = seal }, cancellationToken);
        await call.RequestStream.CompleteAsync();

        // The node accepts at once, and may then have to wait for its disk.
        await call.ResponseHeadersAsync;
        guard.ExtendTo(sealTimeout);
        await call.ResponseAsync.WaitAsync(cancellationToken);
    }

    public void Dispose() => call.Dispose();

    /// <inheritdoc/>
    /// <remarks>
    /// A write to a call that the node has ended fails without the reason, which is in the reply. An <see cref="HttpRequestException"/>
    /// means
    /// that the connection broke. The call may already be on a new connection, without its bytes, and no reply would come.
    /// </remarks>
    public async Task<Exception> FindCauseAsync(Exception failure)
    {
        if (failure is not (RpcException or InvalidOperationException or IOException))
        {
            return failure;
        }

        try
        {
            await call.ResponseAsync;
            return failure;
        }
        catch (Exception cause) when (ChunkNodeErrors.IsCallFailure(cause))
        {
            return cause;
        }
    }
}
