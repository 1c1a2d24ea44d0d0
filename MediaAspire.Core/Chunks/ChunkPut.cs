using Google.Protobuf;
using MediaAspire.Core.Chunks.Protos;

namespace MediaAspire.Core.Chunks;

/// <summary>One copy of a chunk on its way to a node. Disposing it before it is sealed leaves nothing there.</summary>
/// <remarks>One thread at a time. After an exception only <see cref="Dispose"/> is of use.</remarks>
public sealed class ChunkPut : IDisposable
{
    private readonly IPutCall _call;
    private readonly IdleWatch _watch;
    private readonly TimeSpan _sealTimeout;

    internal ChunkPut(Uri node, IPutCall call, IdleWatch watch, TimeSpan sealTimeout)
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
        // The call may encode the run after it has waited for the connection.
        run.Retain();
        try
        {
            await StepAsync(_watch.Limit, token => _call.WriteAsync(run, token), cancellationToken);
        }
        finally
        {
            run.Dispose();
        }
    }

    /// <summary>Ends the chunk. Returns when its bytes, footer and directory entry are on stable storage.</summary>
    /// <param name="size">The bytes sent; the node refuses to seal another number.</param>
    /// <param name="sha256">Their SHA-256, 32 bytes.</param>
    /// <param name="cancellationToken">Gives up waiting; whether the node sealed the chunk is then unknown.</param>
    /// <exception cref="ChunkNodeException">The node failed, or refused what came before.</exception>
    public Task SealAsync(long size, ReadOnlyMemory<byte> sha256, CancellationToken cancellationToken) =>
        StepAsync(_sealTimeout, token => _call.SealAsync(SealOf(size, sha256), token), cancellationToken);

    /// <summary>Ends the call; unless the chunk was sealed the node drops what it has of it.</summary>
    public void Dispose()
    {
        _call.Dispose();
        _watch.Dispose();
    }

    /// <summary>Opens the chunk and waits until the node has accepted it.</summary>
    internal Task OpenAsync(PutChunkOpen open, CancellationToken cancellationToken) =>
        StepAsync(_watch.Limit, token => _call.OpenAsync(open, token), cancellationToken);

    /// <summary>Opens, writes and seals a chunk that is one run, without waiting in between. The caller keeps its reference.</summary>
    internal async Task StoreAsync(PutChunkOpen open, BlockRun run, ReadOnlyMemory<byte> sha256, CancellationToken cancellationToken)
    {
        run.Retain();
        try
        {
            await StepAsync(_watch.Limit, token => _call.StoreAsync(open, run, SealOf(run.Length, sha256), token), cancellationToken);
        }
        finally
        {
            run.Dispose();
        }
    }

    private static PutChunkSeal SealOf(long size, ReadOnlyMemory<byte> sha256) => new() { Size = size, Sha256 = ByteString.CopyFrom(sha256.Span) };

    private async Task StepAsync(TimeSpan limit, Func<CancellationToken, Task> step, CancellationToken cancellationToken)
    {
        using var both = cancellationToken == _watch.CallerToken || !cancellationToken.CanBeCanceled
            ? null
            : CancellationTokenSource.CreateLinkedTokenSource(_watch.Token, cancellationToken);
        _watch.Start(limit);
        try
        {
            await step(both?.Token ?? _watch.Token);
        }
        catch (Exception exception) when (ChunkNodeErrors.IsCallFailure(exception) || exception is InvalidOperationException)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                throw new OperationCanceledException("The transfer was cancelled.", exception, cancellationToken);
            }

            throw ChunkNodeErrors.From(exception, Node, _watch);
        }
        finally
        {
            _watch.Stop();
        }
    }
}
