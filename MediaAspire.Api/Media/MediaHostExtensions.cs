using MediaAspire.Core.Media.Access;
using MediaAspire.Core.Media.Lifecycle;
using MediaAspire.Core.Media.Postgres;
using MediaAspire.Core.Media.Processing;
using MediaAspire.Core.Media.Redis;
using MediaAspire.Core.Media.Shares;
using MediaAspire.Core.Media.Uploads;
using MediaAspire.Core.Media.Usage;
using MediaAspire.Core.Media;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaAspire.Api.Media;

internal static class MediaHostExtensions
{
    /// <summary>Adds the services of the media routes; pairs with <see cref="MediaEndpoints.MapMedia"/>.</summary>
    public static IHostApplicationBuilder AddMedia(this IHostApplicationBuilder builder)
    {
        builder.AddMediaStore();
        builder.AddMetadataStores();
        builder.AddMediaSearch();
        builder.AddMediaUploads();
        builder.AddMediaProcessingOptions();
        builder.Services.TryAddSingleton<MediaUsageCounter>();
        builder.Services.TryAddSingleton<SyncRuns>();
        builder.AddObjectAccess();
        builder.Services.AddOptionsWithValidateOnStart<MediaDownloadOptions, MediaDownloadOptionsValidator>()
            .BindConfiguration(MediaDownloadOptions.SectionName);
        builder.Services.TryAddSingleton<MediaQueries>();
        builder.Services.TryAddSingleton<MediaEditor>();
        builder.Services.TryAddSingleton<MediaDownloads>();
        builder.Services.TryAddSingleton<MediaShareStore>();
        builder.Services.TryAddSingleton<MediaVariants>();

        return builder;
    }
}
