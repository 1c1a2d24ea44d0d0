using MediaAspire.Core.Copies;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace MediaAspire.Core.Integrity;

public static class IntegrityReportHostExtensions
{
    /// <summary>Adds the integrity report and the walk that fills it; needs the database.</summary>
    public static IHostApplicationBuilder AddIntegrityReport(this IHostApplicationBuilder builder)
    {
        builder.AddEndangeredChunks();
        builder.Services.TryAddSingleton<IntegrityWalk>();
        builder.Services.TryAddSingleton<IntegrityReport>();
        return builder;
    }
}
