using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace MediaAspire.Core.Images.Uploads;

public static class ImageUploadHostExtensions
{
    /// <summary>Adds the uploads of images; needs the database, the file store and the job queue.</summary>
    public static IHostApplicationBuilder AddImageUploads(this IHostApplicationBuilder builder)
    {
        builder.AddImageStore();
        builder.Services.AddOptionsWithValidateOnStart<ImageUploadOptions, ImageUploadOptionsValidator>()
            .BindConfiguration(ImageUploadOptions.SectionName);
        builder.Services.AddOptionsWithValidateOnStart<ImageLimitOptions, ImageLimitOptionsValidator>()
            .BindConfiguration(ImageLimitOptions.SectionName);
        builder.Services.TryAddSingleton<ImageUploads>();
        builder.Services.TryAddSingleton<UrlUploads>();
        builder.Services.TryAddSingleton<ImageImport>();

        return builder;
    }
}
