using MediaAspire.Core.Images.Uploads;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaAspire.Api.Images;

internal static class ImageApiHostExtensions
{
    /// <summary>Adds the services of the image routes; pairs with <see cref="ImageEndpoints.MapImages"/>.</summary>
    public static IHostApplicationBuilder AddImages(this IHostApplicationBuilder builder)
    {
        builder.AddImageUploads();
        builder.Services.TryAddSingleton<ImageAccess>();
        builder.Services.TryAddSingleton<ImageDownloads>();
        builder.Services.TryAddSingleton<NotFoundImage>();
        builder.Services.TryAddSingleton<UploadFlow>();

        return builder;
    }
}
