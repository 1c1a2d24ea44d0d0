using MediaAspire.Core.Media;
using MediaAspire.Core.Media.Access;
using MediaAspire.Core.Media.Postgres;
using MediaAspire.Core.ObjectStore;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaAspire.Api.Media;

internal static class MediaHostExtensions
{
    /// <summary>Adds the services of the media routes; pairs with <see cref="MediaEndpoints.MapMedia"/>.</summary>
    public static IHostApplicationBuilder AddMedia(this IHostApplicationBuilder builder)
    {
        builder.AddMediaStore();
        builder.AddObjectStore();
        builder.AddObjectAccess();
        builder.Services.AddOptionsWithValidateOnStart<MediaDownloadOptions, MediaDownloadOptionsValidator>()
            .BindConfiguration(MediaDownloadOptions.SectionName);
        builder.Services.TryAddSingleton<MediaQueries>();
        builder.Services.TryAddSingleton<MediaEditor>();
        builder.Services.TryAddSingleton<MediaDownloads>();

        return builder;
    }
}
