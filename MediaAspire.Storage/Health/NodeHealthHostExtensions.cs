namespace MediaAspire.Storage.Health;

internal static class NodeHealthHostExtensions
{
    /// <summary>Adds the node's own health checks; pairs with <see cref="MapNodeHealth"/>.</summary>
    public static IHostApplicationBuilder AddNodeHealth(this IHostApplicationBuilder builder)
    {
        builder.Services.AddHealthChecks()
            .AddCheck<MembershipHealthCheck>("membership")
            .AddCheck<DataDirectoryHealthCheck>("data-directory");
        return builder;
    }

    public static void MapNodeHealth(this IEndpointRouteBuilder endpoints) => endpoints.MapGrpcService<GrpcHealthService>();
}
