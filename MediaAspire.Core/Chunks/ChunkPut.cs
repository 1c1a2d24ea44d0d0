using Google.Protobuf;
using Grpc.Core;
using MediaAspire.Core.Chunks.Protos;

namespace MediaAspire.Core.Chunks;

/// <summary>One copy of a chunk on its way to a node. Disposing it before it is sealed leaves nothing there.</summary>
/// <remarks>One thread at a time. After an exception only <see cref="Dispose"/> is of use.</remarks>
public sealed class ChunkPut : IDisposable
{
    private static readonly WriteOptions s_buffered = new(WriteFlags.BufferHint);

    private readonly AsyncClientStreamingCall<PutChunkPart, PutChunkReply> _call;
    private readonly IdleWatch _watch;
    private readonly TimeSpan _sealTimeout;

    internal ChunkPut(Uri node, AsyncClientStreamingCall<PutChunkPart, PutChunkReply> call, IdleWatch watch, TimeSpan sealTimeout)
    {
        Node = node;
        _call = call;
        _watch = watch;
        _sealTimeout = sealTimeout;
    }

    /// <summary>The node's address.</summary>
    public Uri Node { get; }

    /// <summary>Sends a run; it must be complete and start where the last one ended. The caller keeps its reference.</summary>
    /// <remarks>Returns when the run is on its way, not when it is on disk.</remarks>
    /// <exception cref="ChunkNodeException">The node failed, or refused what came before.</exception>
    public async Task WriteAsync(BlockRun run, CancellationToken cancellationToken)
    {
        // The call encodes the run after it has waited for the connection.
        run.Retain();
        _watch.Start();
        try
        {
            await _call.RequestStream.WriteAsync(new PutChunkPart { Blocks = run }, cancellationToken);
        }
        catch (Exception exception) when (IsCallFailure(exception))
        {
            throw await ExplainAsync(exception, cancellationToken);
        }
        finally
        {
            _watch.Stop();
            run.Dispose();
        }
    }

    /// <summary>Ends the chunk. Returns when its bytes, footer and directory entry are on stable storage.</summary>
    /// <param name="size">The bytes sent; the node refuses to seal another number.</param>
    /// <param name="sha256">Their SHA-256, 32 bytes.</param>
    /// <param name="cancellationToken">Gives up waiting; whether the node sealed the chunk is then unknown.</param>
    /// <exception cref="ChunkNodeException">The node failed, or refused what came before.</exception>
    public async Task SealAsync(long size, ReadOnlyMemory<byte> sha256, CancellationToken cancellationToken)
    {
        var seal = new PutChunkSeal { Size = size, Sha256 = ByteString.CopyFrom(sha256.Span) };
        _watch.Start(_sealTimeout);
        try
        {
            await _call.RequestStream.WriteAsync(new PutChunkPart { Seal = seal }, cancellationToken);
            await _call.RequestStream.CompleteAsync();
            await _call.ResponseAsync.WaitAsync(cancellationToken);
        }
        catch (Exception exception) when (IsCallFailure(exception))
        {
            throw await ExplainAsync(exception, cancellationToken);
        }
        finally
        {
            _watch.Stop();
        }
    }

    /// <summary>Ends the call; unless the chunk was sealed the node drops what it has of it.</summary>
    public void Dispose()
    {
        _call.Dispose();
        _watch.Dispose();
    }

    /// <summary>Opens the chunk and waits until the node has accepted it.</summary>
    internal async Task OpenAsync(PutChunkOpen open, CancellationToken cancellationToken)
    {
        _watch.Start();
        try
        {
            await _call.RequestStream.WriteAsync(new PutChunkPart { Open = open }, cancellationToken);

            // A node that accepts sends its headers at once; one that refuses answers the whole call.
            await _call.ResponseHeadersAsync;
            if (_call.ResponseAsync.IsFaulted)
            {
                await _call.ResponseAsync;
            }
        }
        catch (Exception exception) when (IsCallFailure(exception))
        {
            throw await ExplainAsync(exception, cancellationToken);
        }
        finally
        {
            _watch.Stop();
        }
    }

    /// <summary>Opens, writes and seals a chunk that is one run, without waiting in between. The caller keeps its reference.</summary>
    internal async Task StoreAsync(PutChunkOpen open, BlockRun run, ReadOnlyMemory<byte> sha256, CancellationToken cancellationToken)
    {
        var seal = new PutChunkSeal { Size = run.Length, Sha256 = ByteString.CopyFrom(sha256.Span) };
        run.Retain();
        _watch.Start();
        try
        {
            // The three go out together; only the last one is flushed.
            _call.RequestStream.WriteOptions = s_buffered;
            await _call.RequestStream.WriteAsync(new PutChunkPart { Open = open }, cancellationToken);
            await _call.RequestStream.WriteAsync(new PutChunkPart { Blocks = run }, cancellationToken);
            _call.RequestStream.WriteOptions = null;
            await _call.RequestStream.WriteAsync(new PutChunkPart { Seal = seal }, cancellationToken);
            await _call.RequestStream.CompleteAsync();

            // The node answers at once that it accepts, and then may have to wait for its disk.
            await _call.ResponseHeadersAsync;
            _watch.Start(_sealTimeout);
            await _call.ResponseAsync.WaitAsync(cancellationToken);
        }
        catch (Exception exception) when (IsCallFailure(exception))
        {
            throw await ExplainAsync(exception, cancellationToken);
        }
        finally
        {
            _watch.Stop();
            run.Dispose();
        }
    }

    private static bool IsCallFailure(Exception exception) =>
        exception is RpcException or InvalidOperationException or IOException or HttpRequestException or OperationCanceledException;

    /// <summary>A write to a call that the node has ended says only that it ended; the reply says why.</summary>
    private async Task<Exception> ExplainAsync(Exception exception, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return exception as OperationCanceledException
                ?? new OperationCanceledException("The transfer was cancelled.", exception, cancellationToken);
        }

        if (exception is HttpRequestException)
        {
            // The connection went, and the call may already be on a new one, without its bytes: no reply to it would come.
            return ChunkNodeErrors.From(exception, Node, _watch);
        }

        try
        {
            await _call.ResponseAsync;
            return ChunkNodeErrors.From(exception, Node, _watch);
        }
        catch (RpcException reply)
        {
            return ChunkNodeErrors.From(reply, Node, _watch);
        }
    }
}
