using Grpc.Core;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Chunks.Protos;

namespace MediaAspire.Storage.Transfers;

/// <summary>The service behind <see cref="TransferServer"/>.</summary>
internal interface ITransferService
{
    /// <summary>Checks the hello of a caller.</summary>
    /// <exception cref="RpcException">The token is missing or wrong, or another server is addressed.</exception>
    void Admit(TransferHello hello);

    /// <summary>Receives one chunk; see <see cref="Chunks.ChunkReceiver.ReceiveAsync"/>.</summary>
    /// <exception cref="RpcException">The chunk was refused; nothing of it is kept.</exception>
    Task<PutChunkReply> PutAsync(IAsyncStreamReader<PutChunkPart> parts, Func<Task> accept, CancellationToken cancellationToken);
}
