using MediaAspire.Core.Copies;
using MediaAspire.Core.Rebalancing;
using MediaAspire.Worker.Duties;
using MediaAspire.Worker.Queue;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Rebalancing;

internal static class RebalancingHostExtensions
{
    /// <summary>
    /// Adds the duty that plans moves and the handler that moves copies; needs the cluster, the chunk nodes' clients, jobs and duties.
    /// </summary>
    public static IHostApplicationBuilder AddRebalancing(this IHostApplicationBuilder builder)
    {
        builder.AddCopies();
        builder.AddRebalances();
        builder.Services.AddSingleton<RebalanceMetrics>();
        builder.Services.AddSingleton<RebalanceStarter>();
        builder.Services.AddSingleton<ChunkMover>();
        builder.Services.AddJobHandler<MoveChunk, MoveChunkHandler>(
            MoveChunk.Kind, services => services.GetRequiredService<IOptions<RebalancingOptions>>().Value.Concurrency);
        builder.Services.AddDuty<RebalanceDuty>();
        return builder;
    }
}
