using MediaAspire.Core.Media.Postgres;
using MediaAspire.Core.Media.Redis;

namespace MediaAspire.Api.Media;

internal static class MediaHostExtensions
{
    /// <summary>Adds the services of the media routes; pairs with <see cref="MediaEndpoints.MapMedia"/>.</summary>
    public static IHostApplicationBuilder AddMedia(this IHostApplicationBuilder builder)
    {
        builder.AddMediaStore();
        builder.AddMetadataStores();

        return builder;
    }
}
