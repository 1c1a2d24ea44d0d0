using MediaAspire.Core.Chunks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace MediaAspire.Core.Copies;

public static class CopyFaultHostExtensions
{
    /// <summary>Adds <see cref="CopyAuditor"/>; needs the database and <see cref="ChunkNodeClients"/>.</summary>
    public static IHostApplicationBuilder AddCopyAuditor(this IHostApplicationBuilder builder)
    {
        builder.AddEndangeredChunks();
        builder.Services.TryAddSingleton<CopyAuditor>();
        return builder;
    }

    /// <summary>Adds the <see cref="ICopyFaults"/> that readers report to.</summary>
    public static IHostApplicationBuilder AddCopyFaultReports(this IHostApplicationBuilder builder)
    {
        builder.AddCopyAuditor();
        builder.Services.AddMetrics();
        builder.Services.TryAddSingleton<CopyFaultMetrics>();
        builder.Services.TryAddSingleton<CopyFaultReporter>();
        builder.Services.TryAddSingleton<ICopyFaults>(services => services.GetRequiredService<CopyFaultReporter>());
        builder.Services.AddHostedService(services => services.GetRequiredService<CopyFaultReporter>());
        return builder;
    }
}
