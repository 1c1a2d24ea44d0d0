using Grpc.AspNetCore.Server.Model;
using MediaAspire.Core.Chunks.Transfers;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaAspire.Storage.Chunks;

internal static class ChunkStoreHostExtensions
{
    /// <summary>Adds the store, the services that work on it and its gRPC service; pairs with <see cref="MapChunkStore"/>.</summary>
    public static IHostApplicationBuilder AddChunkStore(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<StorageOptions, StorageOptionsValidator>()
            .BindConfiguration(StorageOptions.SectionName);
        builder.AddChunkNodeClients();
        builder.Services.TryAddSingleton<StorageMetrics>();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<DeletionFence>();
        builder.Services.TryAddSingleton<ChunkStore>();
        builder.Services.TryAddSingleton<ChunkVerifier>();
        builder.Services.TryAddSingleton<ChunkCopier>();
        builder.Services.TryAddSingleton<ChunkReceiver>();
        builder.Services.TryAddSingleton<ChunkCalls>();
        builder.Services.TryAddSingleton<ChunkGrpcService>();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IServiceMethodProvider<ChunkGrpcService>, ChunkGrpcMethods>());
        return builder;
    }

    /// <summary>Maps the gRPC service of the store.</summary>
    public static void MapChunkStore(this IEndpointRouteBuilder endpoints) => endpoints.MapGrpcService<ChunkGrpcService>();
}
