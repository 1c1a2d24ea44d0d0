using MediaAspire.Core.Database;
using MediaAspire.Core.ObjectStore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace MediaAspire.Core.Images;

public static class ImageHostExtensions
{
    /// <summary>Adds the repository of images, which the API and the worker share; needs the database, file store and job queue.</summary>
    public static IHostApplicationBuilder AddImageStore(this IHostApplicationBuilder builder)
    {
        builder.AddDatabaseListener();
        builder.AddObjectStore();
        builder.Services.AddOptionsWithValidateOnStart<ImageOptions, ImageOptionsValidator>()
            .BindConfiguration(ImageOptions.SectionName);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<WorkSignals>();
        builder.Services.TryAddSingleton<ImageBlobs>();
        builder.Services.TryAddSingleton<ImageCatalog>();
        builder.Services.TryAddSingleton<ImageSettings>();
        builder.Services.TryAddSingleton<ImageOrphans>();
        builder.Services.TryAddSingleton<ImagePrunes>();

        return builder;
    }
}
