using MediaAspire.Core.Chunks.Protos;

namespace MediaAspire.Core.Chunks;

/// <summary>A PutChunk call over any transport.</summary>
/// <remarks>
/// One thread at a time. A refusal by the node is an <see cref="Grpc.Core.RpcException"/>; a broken connection is that or an
/// <see cref="IOException"/>, <see cref="HttpRequestException"/> or <see cref="System.Net.Sockets.SocketException"/>. Disposing an
/// unsealed call leaves nothing on the node.
/// </remarks>
internal interface IPutCall : IDisposable
{
    /// <summary>Opens the chunk and waits until the node has accepted it.</summary>
    Task OpenAsync(PutChunkOpen open, CancellationToken cancellationToken);

    /// <summary>Sends a run; returns when it is on its way.</summary>
    Task WriteAsync(BlockRun run, CancellationToken cancellationToken);

    /// <summary>Ends the chunk, and waits until it is on stable storage.</summary>
    Task SealAsync(PutChunkSeal seal, CancellationToken cancellationToken);

    /// <summary>Opens, writes and seals a chunk that is one run, without waiting in between.</summary>
    Task StoreAsync(PutChunkOpen open, BlockRun run, PutChunkSeal seal, CancellationToken cancellationToken);

    /// <summary>Finds the cause of a failed step: the node's own answer, where it has sent one that the step did not see.</summary>
    /// <returns>The cause; the failure itself when nothing more is known.</returns>
    Task<Exception> FindCauseAsync(Exception failure);
}
