using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>The HTTP clients whose names are resolved here; a <see langword="null"/> name means all of them.</summary>
internal sealed class DiscoveringClients
{
    public HashSet<string?> Names { get; } = [];
}

/// <summary>
/// Tells gRPC not to resolve names itself. A filter runs after every other configuration of the primary handler, and so also
/// reaches a handler that the application brought.
/// </summary>
internal sealed class GrpcLoadBalancingFilter(IOptions<DiscoveringClients> clients) : IHttpMessageHandlerBuilderFilter
{
    /// <summary>The property by which Grpc.Net.Client recognises such a handler.</summary>
    private const string DisabledProperty = "__GrpcLoadBalancingDisabled";

    public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
    {
        next(builder);

        var names = clients.Value.Names;
        if ((names.Contains(null) || names.Contains(builder.Name)) && builder.PrimaryHandler is SocketsHttpHandler handler)
        {
            handler.Properties[DisabledProperty] = true;
        }
    };
}
