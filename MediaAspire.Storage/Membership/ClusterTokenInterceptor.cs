using Grpc.Core;
using Grpc.Core.Interceptors;
using MediaAspire.Core.Cluster;

namespace MediaAspire.Storage.Membership;

/// <summary>An interceptor that applies <see cref="CallerCheck"/> to every gRPC call. Health checks need no token.</summary>
internal sealed class ClusterTokenInterceptor(CallerCheck check) : Interceptor
{
    private const string HealthPrefix = "/grpc.health.v1.Health/";

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        Check(context);
        return continuation(request, context);
    }

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation)
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
        if (!context.Method.StartsWith(HealthPrefix, StringComparison.Ordinal))
        {
            check.CheckToken(context.RequestHeaders.GetValue(ClusterToken.HeaderName));
        }

        check.CheckAddressee(
            context.RequestHeaders.GetValue(Addressee.HeaderName), context.RequestHeaders.GetValue(Addressee.ClusterHeaderName));
    }
}
