using Grpc.Core;
using MediaAspire.Core.Chunks.Protos;

namespace MediaAspire.Core.Chunks;

/// <summary>PutChunk as a stream of gRPC messages.</summary>
internal sealed class GrpcPutCall(AsyncClientStreamingCall<PutChunkPart, PutChunkReply> call, IdleWatch watch, TimeSpan sealTimeout) : IPutCall
{
    private static readonly WriteOptions s_buffered = new(WriteFlags.BufferHint);

    public Task OpenAsync(PutChunkOpen open, CancellationToken cancellationToken) => ExplainAsync(async () =>
    {
        await call.RequestStream.WriteAsync(new PutChunkPart { Open = open }, cancellationToken);

        // A node that accepts sends its headers at once; one that refuses answers the whole call.
        await call.ResponseHeadersAsync;
        if (call.ResponseAsync.IsFaulted)
        {
            await call.ResponseAsync;
        }
    });

    public Task WriteAsync(BlockRun run, CancellationToken cancellationToken) =>
        ExplainAsync(() => call.RequestStream.WriteAsync(new PutChunkPart { Blocks = run }, cancellationToken));

    public Task SealAsync(PutChunkSeal seal, CancellationToken cancellationToken) => ExplainAsync(async () =>
    {
        await call.RequestStream.WriteAsync(new PutChunkPart { Seal = seal }, cancellationToken);
        await call.RequestStream.CompleteAsync();
        await call.ResponseAsync.WaitAsync(cancellationToken);
    });

    public Task StoreAsync(PutChunkOpen open, BlockRun run, PutChunkSeal seal, CancellationToken cancellationToken) => ExplainAsync(async () =>
    {
        // The three go out together; only the last one is flushed.
        call.RequestStream.WriteOptions = s_buffered;
        await call.RequestStream.WriteAsync(new PutChunkPart { Open = open }, cancellationToken);
        await call.RequestStream.WriteAsync(new PutChunkPart { Blocks = run }, cancellationToken);
        call.RequestStream.WriteOptions = null;
        await call.RequestStream.WriteAsync(new PutChunkPart { Seal = seal }, cancellationToken);
        await call.RequestStream.CompleteAsync();

        // The node answers at once that it accepts, and then may have to wait for its disk.
        await call.ResponseHeadersAsync;
        watch.Start(sealTimeout);
        await call.ResponseAsync.WaitAsync(cancellationToken);
    });

    public void Dispose() => call.Dispose();

    /// <summary>A write to a call that the node has ended says only that it ended; the reply says why.</summary>
    /// <remarks>
    /// Not so an <see cref="HttpRequestException"/>: the connection went, and the call may already be on a new one, without its bytes. No reply
    /// to it would come.
    /// </remarks>
    private async Task ExplainAsync(Func<Task> step)
    {
        try
        {
            await step();
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException or IOException)
        {
            await call.ResponseAsync;
            throw;
        }
    }
}
