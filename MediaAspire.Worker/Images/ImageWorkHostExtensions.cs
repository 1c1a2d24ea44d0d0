using MediaAspire.Core.Images;
using MediaAspire.Core.Images.Uploads;
using MediaAspire.Core.Images.Variants;
using MediaAspire.Worker.Duties;
using MediaAspire.Worker.Queue;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Images;

internal static class ImageWorkHostExtensions
{
    /// <summary>Adds the work on images; needs the file store, jobs, duties, the work on media uploads and an image processor.</summary>
    public static IHostApplicationBuilder AddImages(this IHostApplicationBuilder builder)
    {
        builder.AddImageUploads();
        builder.AddVariants();
        builder.Services.AddOptionsWithValidateOnStart<ImageValidationOptions, ImageValidationOptionsValidator>()
            .BindConfiguration(ImageValidationOptions.SectionName);
        builder.Services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<ImageValidationOptions>, ImageValidationUrlValidator>());
        builder.Services.AddHttpClient(ImageValidator.ClientName, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers()
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            });
        builder.Services.TryAddSingleton<ImageValidator>();
        builder.Services.TryAddSingleton<ImageIngestor>();
        builder.Services.TryAddSingleton<ImageWorkMetrics>();
        builder.Services.AddJobHandler<IngestImage, IngestImageHandler>(
            IngestImage.Kind, services => services.GetRequiredService<IOptions<ImageUploadOptions>>().Value.Concurrency);
        builder.Services.AddJobHandler<PruneImages, PruneImagesHandler>(PruneImages.Kind, _ => 1);
        builder.Services.AddDuty<ImageUploadsDuty>();

        return builder;
    }
}
