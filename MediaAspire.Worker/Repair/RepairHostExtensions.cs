using MediaAspire.Core.Copies;
using MediaAspire.Core.Repair;
using MediaAspire.Worker.Duties;
using MediaAspire.Worker.Queue;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Repair;

internal static class RepairHostExtensions
{
    /// <summary>
    /// Adds the duty that plans repairs and the handler that makes missing copies; needs the cluster, the chunk nodes' clients, jobs and
    /// duties.
    /// </summary>
    public static IHostApplicationBuilder AddRepair(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<RepairOptions, RepairOptionsValidator>()
            .BindConfiguration(RepairOptions.SectionName);
        builder.AddCopies();
        builder.Services.AddSingleton<RepairMetrics>();
        builder.Services.AddSingleton<RepairBacklog>();
        builder.Services.AddSingleton<ChunkRepairer>();
        builder.Services.AddJobHandler<RepairChunk, RepairChunkHandler>(
            RepairChunk.Kind, services => services.GetRequiredService<IOptions<RepairOptions>>().Value.Concurrency);
        builder.Services.AddDuty<RepairDuty>();
        return builder;
    }
}
