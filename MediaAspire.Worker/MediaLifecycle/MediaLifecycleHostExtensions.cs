using MediaAspire.Core.Media.Lifecycle;
using MediaAspire.Core.Media.Postgres;
using MediaAspire.Core.Media.Uploads;
using MediaAspire.Core.Media.Usage;
using MediaAspire.Worker.Duties;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaAspire.Worker.MediaLifecycle;

internal static class MediaLifecycleHostExtensions
{
    /// <summary>Adds the duties of the media catalog; needs the database, the job queue and the duties.</summary>
    public static IHostApplicationBuilder AddMediaLifecycle(this IHostApplicationBuilder builder)
    {
        builder.AddMediaStore();
        builder.AddMediaUploads();
        builder.Services.AddOptionsWithValidateOnStart<MediaLifecycleOptions, MediaLifecycleOptionsValidator>()
            .BindConfiguration(MediaLifecycleOptions.SectionName);
        builder.Services.AddOptionsWithValidateOnStart<MediaUsageOptions, MediaUsageOptionsValidator>()
            .BindConfiguration(MediaUsageOptions.SectionName);
        builder.Services.TryAddSingleton<MediaLifecycleQueries>();
        builder.Services.TryAddSingleton<MediaSync>();
        builder.Services.TryAddSingleton<MediaEnds>();
        builder.Services.TryAddSingleton<SyncRuns>();
        builder.Services.TryAddSingleton<MediaUsageCounter>();
        builder.Services.TryAddSingleton<MediaLifecycleMetrics>();
        builder.Services.TryAddSingleton<MediaUsageMetrics>();
        builder.Services.AddDuty<MediaLifecycleDuty>();
        builder.Services.AddDuty<MediaUsageDuty>();
        return builder;
    }
}
