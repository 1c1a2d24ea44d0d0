using MediaAspire.Core.Fetching;
using MediaAspire.Core.Images.Imgproxy;
using MediaAspire.Core.Images.Migration;
using MediaAspire.Core.Images.Motion;
using MediaAspire.Core.Images.Proxy;
using MediaAspire.Core.Images.Retention;
using MediaAspire.Core.Images.Signing;
using MediaAspire.Core.Images.Uploads;
using MediaAspire.Core.Images.Variants;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaAspire.Api.Images;

internal static class ImageApiHostExtensions
{
    /// <summary>Adds the services of the image routes; pairs with <see cref="ImageEndpoints.MapImages"/>.</summary>
    public static IHostApplicationBuilder AddImages(this IHostApplicationBuilder builder)
    {
        builder.AddImageUploads();
        builder.AddImageProxies();
        builder.AddImageMigrations();
        builder.AddUrlRules();
        builder.Services.TryAddSingleton<ImageAccess>();
        builder.AddVariants();
        builder.AddVariantRequests();
        builder.AddImageMotions();
        builder.AddSignedUrls();
        builder.AddImgproxy();
        builder.AddAccessTimes();
        builder.Services.TryAddSingleton<VariantReads>();
        builder.Services.TryAddSingleton<ImageDownloads>();
        builder.Services.TryAddSingleton<NotFoundImage>();
        builder.Services.TryAddSingleton<UploadFlow>();
        builder.Services.TryAddSingleton<ProxyFlow>();

        return builder;
    }
}
