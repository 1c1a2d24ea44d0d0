using Grpc.Core;
using Grpc.Core.Interceptors;
using MediaAspire.Core.Cluster;
using MediaAspire.Storage.Chunks;
using Microsoft.Extensions.Options;

namespace MediaAspire.Storage.Membership;

/// <summary>Lets only callers in that know the cluster's token, when there is one, and mean this server. Health may be asked by anyone.</summary>
internal sealed class ClusterTokenInterceptor(IOptions<ClusterOptions> options, NodeIdentity identity) : Interceptor
{
    private const string HealthPrefix = "/grpc.health.v1.Health/";

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        Check(context);
        return continuation(request, context);
    }

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Check(context);
        return continuation(requestStream, context);
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Check(context);
        return continuation(request, responseStream, context);
    }

    private void Check(ServerCallContext context)
    {
        var token = options.Value.Token;
        if (token.Length > 0
            && !context.Method.StartsWith(HealthPrefix, StringComparison.Ordinal)
            && !ClusterToken.Matches(context.RequestHeaders.GetValue(ClusterToken.HeaderName), token))
        {
            throw ChunkStoreErrors.NoToken();
        }

        if (context.RequestHeaders.GetValue(Addressee.HeaderName) is { } named && !Addressee.Matches(named, identity.Id))
        {
            throw ChunkStoreErrors.AnotherServer(identity.Id);
        }
    }
}
