using Grpc.AspNetCore.Server.Model;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Chunks.Transfers;
using MediaAspire.Storage.Membership;
using MediaAspire.Storage.Transfers;
using MediaAspire.Storage.Volumes;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaAspire.Storage.Chunks;

internal static class ChunkStoreHostExtensions
{
    private const int StreamWindowBytes = 2 * 1024 * 1024;
    private const int ConnectionWindowBytes = 16 * 1024 * 1024;

    /// <summary>Adds the store and what works on it; pairs with <see cref="MapChunkStore"/>.</summary>
    public static IHostApplicationBuilder AddChunkStore(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<StorageOptions, StorageOptionsValidator>().BindConfiguration(StorageOptions.SectionName);
        builder.AddDataVolume();
        builder.AddChunkNodeClients();
        builder.Services.TryAddSingleton<StorageMetrics>();
        builder.Services.TryAddSingleton<ChunkStore>();
        builder.Services.TryAddSingleton<ChunkVerifier>();
        builder.Services.TryAddSingleton<ChunkCopier>();
        builder.Services.TryAddSingleton<ChunkReceiver>();
        builder.Services.TryAddSingleton<ChunkCalls>();
        builder.Services.TryAddSingleton<ChunkGrpcService>();
        builder.Services.AddHostedService<ChunkStoreStartup>();
        return builder;
    }

    /// <summary>Adds the server: gRPC over HTTP/2 without TLS, with windows that let one stream fill the link, and transfer connections.</summary>
    public static WebApplicationBuilder AddChunkServer(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(ConfigureServer);
        builder.AddTransferServer();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IServiceMethodProvider<ChunkGrpcService>, ChunkGrpcMethods>());
        builder.Services.AddGrpc(options =>
        {
            options.MaxReceiveMessageSize = BlockFormat.MaxMessageBytes;
            options.MaxSendMessageSize = BlockFormat.MaxMessageBytes;
            options.Interceptors.Add<ChunkStoreErrorInterceptor>();
            options.Interceptors.Add<ClusterTokenInterceptor>();
        });
        return builder;
    }

    public static void MapChunkStore(this IEndpointRouteBuilder endpoints) => endpoints.MapGrpcService<ChunkGrpcService>();

    private static void ConfigureServer(KestrelServerOptions server)
    {
        server.ConfigureEndpointDefaults(endpoint =>
        {
            endpoint.Protocols = HttpProtocols.Http2;
            endpoint.UseTransfers();
        });
        server.AddServerHeader = false;

        // A chunk has no size limit, and a transfer may wait for the client at the other end for as long as it likes;
        // pings find out who is gone.
        server.Limits.MaxRequestBodySize = null;
        server.Limits.MinRequestBodyDataRate = null;
        server.Limits.MinResponseDataRate = null;
        server.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(10);
        server.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);

        // All that one connection may leave unread here, whatever the number of its streams.
        server.Limits.Http2.InitialStreamWindowSize = StreamWindowBytes;
        server.Limits.Http2.InitialConnectionWindowSize = ConnectionWindowBytes;
    }
}
