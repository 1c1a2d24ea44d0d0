using Grpc.AspNetCore.Server.Model;
using MediaAspire.Core.Chunks;

namespace MediaAspire.Storage.Chunks;

/// <summary>The binding of <see cref="ChunkGrpcService"/> to the methods whose blocks stay in pooled buffers.</summary>
internal sealed class ChunkGrpcMethods : IServiceMethodProvider<ChunkGrpcService>
{
    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<ChunkGrpcService> context)
    {
        context.AddClientStreamingMethod(ChunkStoreMethods.PutChunk, [], static (service, parts, call) => service.PutChunk(parts, call));
        context.AddServerStreamingMethod(
            ChunkStoreMethods.GetChunk, [], static (service, request, replies, call) => service.GetChunk(request, replies, call));
        context.AddUnaryMethod(ChunkStoreMethods.StatChunk, [], static (service, request, call) => service.StatChunk(request, call));
        context.AddUnaryMethod(ChunkStoreMethods.DeleteChunk, [], static (service, request, _) => service.DeleteChunk(request));
        context.AddUnaryMethod(ChunkStoreMethods.TrashChunk, [], static (service, request, _) => service.TrashChunk(request));
        context.AddServerStreamingMethod(
            ChunkStoreMethods.TrashList, [], static (service, request, replies, call) => service.TrashList(request, replies, call));
        context.AddUnaryMethod(ChunkStoreMethods.RestoreChunk, [], static (service, request, call) => service.RestoreChunk(request, call));
        context.AddUnaryMethod(ChunkStoreMethods.EmptyTrash, [], static (service, request, call) => service.EmptyTrash(request, call));
        context.AddServerStreamingMethod(
            ChunkStoreMethods.ListChunks, [], static (service, request, replies, call) => service.ListChunks(request, replies, call));
        context.AddUnaryMethod(ChunkStoreMethods.VerifyChunk, [], static (service, request, call) => service.VerifyChunk(request, call));
        context.AddUnaryMethod(ChunkStoreMethods.CopyChunk, [], static (service, request, call) => service.CopyChunk(request, call));
    }
}
