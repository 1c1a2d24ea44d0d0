using Grpc.Core;
using Grpc.Core.Interceptors;
using MediaAspire.Core.Cluster;

namespace MediaAspire.Storage.Membership;

/// <summary>
/// An interceptor that applies <see cref="CallerCheck"/> to every gRPC call of any kind. Health checks need no token.
/// </summary>
internal sealed class ClusterTokenInterceptor(CallerCheck check) : Interceptor
{
    /// <summary>The prefix of the methods that need no token: those of the standard health service.</summary>
    internal const string OpenPrefix = "/grpc.health.v1.Health/";

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

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Check(context);
        return continuation(requestStream, responseStream, context);
    }

    private void Check(ServerCallContext context)
    {
        var token = context.RequestHeaders.GetValue(ClusterToken.HeaderName);
        if (context.Method.StartsWith(OpenPrefix, StringComparison.Ordinal) && !check.HasToken(token))
        {
            // A caller without the token learns whether the node serves, but not which server or cluster it is.
            return;
        }

        check.Check(
            token,
            context.RequestHeaders.GetValue(Addressee.HeaderName),
            context.RequestHeaders.GetValue(Addressee.ClusterHeaderName));
    }
}
