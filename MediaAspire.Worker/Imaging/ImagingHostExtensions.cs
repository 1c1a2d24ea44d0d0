using MediaAspire.Core.Imaging;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaAspire.Worker.Imaging;

internal static class ImagingHostExtensions
{
    /// <summary>Adds the processor of pictures, animations and videos.</summary>
    public static IHostApplicationBuilder AddImaging(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<ImagingOptions, ImagingOptionsValidator>()
            .BindConfiguration(ImagingOptions.SectionName);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<IImageProcessor, ImageProcessor>();
        builder.AddVideo();
        return builder;
    }
}
