using MediaAspire.Core.Copies;
using MediaAspire.Core.Scrubbing;
using MediaAspire.Worker.Duties;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaAspire.Worker.Scrubbing;

internal static class ScrubHostExtensions
{
    /// <summary>Adds the scrub; needs the database, the cluster and the clients of its nodes.</summary>
    public static IHostApplicationBuilder AddScrub(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<ScrubOptions, ScrubOptionsValidator>().BindConfiguration(ScrubOptions.SectionName);
        builder.AddCopyAuditor();
        builder.Services.TryAddSingleton<ScrubLedger>();
        builder.Services.TryAddSingleton<ScrubMetrics>();
        builder.Services.TryAddSingleton<ServerScrubber>();
        builder.Services.AddDuty<ScrubDuty>();
        return builder;
    }
}
