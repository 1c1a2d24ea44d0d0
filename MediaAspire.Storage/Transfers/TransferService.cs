using Grpc.Core;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Chunks.Protos;
using MediaAspire.Storage.Chunks;
using MediaAspire.Storage.Membership;

namespace MediaAspire.Storage.Transfers;

/// <summary>The service of transfer connections, with the same checks and the same receiver as gRPC.</summary>
internal sealed class TransferService(CallerCheck check, ChunkCalls calls, ChunkReceiver receiver) : ITransferService
{
    public void Admit(TransferHello hello) =>
        check.Check(hello.ClusterToken, NullIfEmpty(hello.ServerId), NullIfEmpty(hello.ClusterId));

    public Task<PutChunkReply> PutAsync(IAsyncStreamReader<PutChunkPart> parts, Func<Task> accept, CancellationToken cancellationToken) =>
        calls.RunAsync(ChunkStoreMethods.PutChunk.Name, () => receiver.ReceiveAsync(parts, accept, cancellationToken), cancellationToken);

    // Protobuf does not distinguish an empty string from a missing one.
    private static string? NullIfEmpty(string text) => text.Length > 0 ? text : null;
}
