using MediaAspire.Core.Durability;
using MediaAspire.Worker.Duties;

namespace MediaAspire.Worker.Repair;

internal static class RepairHostExtensions
{
    /// <summary>Adds the duty that makes lacking copies; needs the cluster, the chunk nodes' clients and the duties.</summary>
    public static IHostApplicationBuilder AddRepair(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<RepairOptions, RepairOptionsValidator>().BindConfiguration(RepairOptions.SectionName);
        builder.AddCopies();
        builder.Services.AddSingleton<RepairMetrics>();
        builder.Services.AddSingleton<RepairBacklog>();
        builder.Services.AddSingleton<ChunkRepairer>();
        builder.Services.AddDuty<RepairDuty>();
        return builder;
    }
}
