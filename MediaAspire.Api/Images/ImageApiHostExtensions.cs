using MediaAspire.Core.Images;
using MediaAspire.Core.Images.Migration;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaAspire.Api.Images;

internal static class ImageApiHostExtensions
{
    /// <summary>Adds the services of the image routes; pairs with <see cref="ImageEndpoints.MapImages"/>.</summary>
    public static IHostApplicationBuilder AddImages(this IHostApplicationBuilder builder)
    {
        builder.AddImageStore();
        builder.AddImageMigrations();
        builder.Services.TryAddSingleton<ImageAccess>();

        return builder;
    }
}
