using MediaAspire.Core.Chunks;
using MediaAspire.Core.Cluster;
using MediaAspire.Storage.Chunks;
using MediaAspire.Storage.Membership;
using MediaAspire.Storage.Transfers;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace MediaAspire.Storage.Server;

internal static class ChunkServerHostExtensions
{
    private const int StreamWindowBytes = 2 * 1024 * 1024;
    private const int ConnectionWindowBytes = 16 * 1024 * 1024;

    /// <summary>
    /// Adds the server: gRPC over HTTP/2, with windows that let one stream fill the link, and transfer connections. With certificates,
    /// every endpoint is TLS, and needs those of its clients.
    /// </summary>
    public static WebApplicationBuilder AddChunkServer(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(ConfigureServer);
        builder.AddTransferServer();
        builder.Services.AddGrpc(options =>
        {
            options.MaxReceiveMessageSize = BlockFormat.MaxMessageBytes;
            options.MaxSendMessageSize = BlockFormat.MaxMessageBytes;

            // The first one is outermost, and counts the calls that the second one refuses too.
            options.Interceptors.Add<ChunkStoreErrorInterceptor>();
            options.Interceptors.Add<ClusterTokenInterceptor>();
        });
        return builder;
    }

    private static void ConfigureServer(KestrelServerOptions server)
    {
        server.ConfigureEndpointDefaults(endpoint =>
        {
            endpoint.Protocols = HttpProtocols.Http2;
            var certificates = endpoint.ApplicationServices.GetRequiredService<ClusterCertificates>();
            if (certificates.IsUsed)
            {
                // Over TLS the client chooses the version itself.
                endpoint.Protocols = HttpProtocols.Http1AndHttp2;
                endpoint.UseHttps(new TlsHandshakeCallbackOptions
                {
                    OnConnection = _ => ValueTask.FromResult(certificates.CreateServerOptions()),
                });
            }

            endpoint.UseTransfers();
        });

        // A chunk has no size limit, and a transfer may wait for the client at the other end without limit. Pings detect a client that is
        // gone.
        server.Limits.MaxRequestBodySize = null;
        server.Limits.MinRequestBodyDataRate = null;
        server.Limits.MinResponseDataRate = null;
        server.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(10);
        server.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);

        // The most that one connection may leave unread here, for all of its streams together.
        server.Limits.Http2.InitialStreamWindowSize = StreamWindowBytes;
        server.Limits.Http2.InitialConnectionWindowSize = ConnectionWindowBytes;
    }
}
