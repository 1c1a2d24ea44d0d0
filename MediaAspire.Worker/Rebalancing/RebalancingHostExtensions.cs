using MediaAspire.Core.Durability;
using MediaAspire.Worker.Duties;

namespace MediaAspire.Worker.Rebalancing;

internal static class RebalancingHostExtensions
{
    /// <summary>Adds the duty that moves copies; needs the cluster, the chunk nodes' clients and the duties.</summary>
    public static IHostApplicationBuilder AddRebalancing(this IHostApplicationBuilder builder)
    {
        builder.AddCopies();
        builder.AddRebalances();
        builder.Services.AddSingleton<RebalanceMetrics>();
        builder.Services.AddSingleton<RebalanceStarter>();
        builder.Services.AddSingleton<ChunkMover>();
        builder.Services.AddDuty<RebalanceDuty>();
        return builder;
    }
}
