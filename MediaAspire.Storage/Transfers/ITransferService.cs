using Grpc.Core;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Chunks.Protos;

namespace MediaAspire.Storage.Transfers;

/// <summary>What a node does for those who connect to <see cref="TransferServer"/>.</summary>
internal interface ITransferService
{
    /// <exception cref="RpcException">The caller may not come in, or means another server.</exception>
    void Admit(TransferHello hello);

    /// <summary>Receives one chunk; see <see cref="Chunks.ChunkReceiver.ReceiveAsync"/>.</summary>
    /// <exception cref="RpcException">The chunk was refused; nothing of it is kept.</exception>
    Task<PutChunkReply> PutAsync(IAsyncStreamReader<PutChunkPart> parts, Func<Task> accept, CancellationToken cancellationToken);
}
