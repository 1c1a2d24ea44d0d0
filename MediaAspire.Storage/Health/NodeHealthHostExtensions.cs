using MediaAspire.Core.Chunks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MediaAspire.Storage.Health;

internal static class NodeHealthHostExtensions
{
    // Clients that watch a node are notified of a change after at most one period. A call of Check runs the checks itself.
    private static readonly TimeSpan s_watchPeriod = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_watchDelay = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Adds the node's own health checks, and the standard gRPC health service over all checks of the process; pairs with
    /// <see cref="MapNodeHealth"/>.
    /// </summary>
    public static IHostApplicationBuilder AddNodeHealth(this IHostApplicationBuilder builder)
    {
        builder.Services.AddGrpcHealthChecks(options => options.Services.Map(ChunkStoreMethods.ServiceName, _ => true))
            .AddCheck<MembershipHealthCheck>("membership")
            .AddCheck<DataDirectoryHealthCheck>("data-directory");
        builder.Services.Configure<HealthCheckPublisherOptions>(options => (options.Delay, options.Period) = (s_watchDelay, s_watchPeriod));
        return builder;
    }

    public static void MapNodeHealth(this IEndpointRouteBuilder endpoints) => endpoints.MapGrpcHealthChecksService();
}
