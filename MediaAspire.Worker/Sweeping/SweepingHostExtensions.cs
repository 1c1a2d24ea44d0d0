using MediaAspire.Core.Copies;
using MediaAspire.Worker.Duties;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaAspire.Worker.Sweeping;

internal static class SweepingHostExtensions
{
    /// <summary>Adds the duties that remove unneeded data from the servers; needs the database, the cluster and the duties.</summary>
    public static IHostApplicationBuilder AddSweeping(this IHostApplicationBuilder builder)
    {
        builder.AddEndangeredChunks();
        builder.Services.AddOptionsWithValidateOnStart<SweepingOptions, SweepingOptionsValidator>()
            .BindConfiguration(SweepingOptions.SectionName);
        builder.Services.TryAddSingleton<SweepingMetrics>();
        builder.Services.TryAddSingleton<RemovalQueue>();
        builder.Services.TryAddSingleton<FinishedFiles>();
        builder.Services.TryAddSingleton<DiskFindings>();
        builder.Services.TryAddSingleton<DiskComparer>();
        builder.Services.AddDuty<SessionsDuty>();
        builder.Services.AddDuty<DeletedFilesDuty>();
        builder.Services.AddDuty<RemovalDuty>();
        builder.Services.AddDuty<OrphansDuty>();
        return builder;
    }
}
